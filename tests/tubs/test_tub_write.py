import errno
import json
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.clock import FakeClock
from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision, Frame
from copycar.testing.tub import make_frame
from copycar.tubs.append import CatalogAppender
from copycar.tubs.entry import catalog_line
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

SMALL = (24, 32)


def record(folder: Path, n: int, **options) -> Path:
    with TubWriter(folder, **options) as tub:
        for step in range(n):
            tub.append(make_frame(t_ns=step * 50_000_000, image_size=SMALL))
    return folder


def test_files_are_what_donkeycar_writes(tmp_path):
    record(tmp_path, 7, clock=FakeClock(), max_len=5, metadata={"location": "hall"}, extras={"imu/acl_x": "float"})
    names, types, metadata, about, catalogs = (tmp_path / "manifest.json").read_text().splitlines()
    assert names == '["cam/image_array", "user/angle", "user/throttle", "user/mode", "imu/acl_x"]'
    assert types == '["image_array", "float", "float", "str", "float"]'
    assert metadata == '{"location": "hall"}'
    assert json.loads(about)["sessions"] == {
        "all_full_ids": ["23-11-14_0"], "last_id": 0, "last_full_id": "23-11-14_0"
    }  # fmt: skip
    assert catalogs == (
        '{"paths": ["catalog_0.catalog", "catalog_1.catalog"], "current_index": 7, "max_len": 5, "deleted_indexes": []}'
    )
    catalog = (tmp_path / "catalog_1.catalog").read_bytes()
    assert catalog.splitlines()[0] == (
        b'{"_index": 5, "_session_id": "23-11-14_0", "_t_ns": 250000000, "_timestamp_ms": 1700000000000, '
        b'"cam/image_array": "5_cam_image_array_.jpg", "user/angle": 0.1, "user/mode": "user", "user/throttle": 0.3}'
    )
    index = (tmp_path / "catalog_1.catalog_manifest").read_text()
    lengths = [len(line) for line in catalog.splitlines(keepends=True)]
    assert index == (
        f'{{"created_at": 1700000000.0, "line_lengths": {lengths}, '
        '"path": "catalog_1.catalog_manifest", "start_index": 5}\n'
    )


unit = st.floats(-1, 1)


@given(steering=unit, throttle=unit, noise=unit, source=st.sampled_from(["human", "expert", "policy"]))
def test_action_comes_back_exactly(steering, throttle, noise, source):
    label, executed = Action(steering, throttle), Action(noise, throttle)
    frame = Frame(np.zeros((1, 1, 3), np.uint8), Decision(executed, label, source), 5)
    line = json.loads(catalog_line(frame, 0, "26-11-21_0", 0, {}))
    assert (line["user/angle"], line["user/throttle"], line["_t_ns"]) == (*label, 5)
    assert ("pilot/angle" in line) == (source == "policy" or label != executed)
    assert line.get("pilot/angle", steering) == noise or label == executed
    assert line["user/mode"] == ("local" if source == "policy" else "user")


def test_recorded_drive_comes_back(tmp_path):
    frame = make_frame(
        Action(0.25, -0.5), t_ns=7, source="policy", extras={"track/lap": 2, "note": "ü"}, image_size=SMALL
    )
    with TubWriter(tmp_path) as writer:
        writer.append(frame)
    (back,) = Tub.open(tmp_path).frames()
    assert (back.decision, back.t_ns, dict(back.extras)) == (frame.decision, 7, {"track/lap": 2, "note": "ü"})
    assert np.abs(back.image.astype(int) - frame.image).mean() < 6


def test_unmeasured_extras_are_left_out(tmp_path):
    with TubWriter(tmp_path, extras={"imu/acl_x": "float"}) as writer:
        writer.append(make_frame(extras={"imu/acl_x": float("nan"), "lap": np.int64(3)}, image_size=SMALL))
    assert dict(Tub.open(tmp_path).records[0].values) == {"lap": 3, "user/mode": "user"}


@pytest.mark.parametrize(
    "frame",
    [
        make_frame(Action(float("nan"), 0), image_size=SMALL),
        make_frame(extras={"x": [1, 2]}, image_size=SMALL),
        make_frame(extras={"lap": "three"}, image_size=SMALL),
        make_frame(image_size=(48, 64)),
        Frame(np.zeros((24, 32), np.uint8), make_frame().decision, 0),
        Frame(np.zeros((24, 32, 3), np.float32), make_frame().decision, 0),
    ],
    ids=["nan", "list", "type", "size", "grey", "float"],
)
def test_impossible_frames_are_refused_and_cost_nothing(tmp_path, frame):
    with TubWriter(tmp_path, extras={"lap": "int"}) as writer:
        writer.append(make_frame(image_size=SMALL))
        with pytest.raises(CopycarError):
            writer.append(frame)
        writer.append(make_frame(image_size=SMALL))
    tub = Tub.open(tmp_path)
    assert ([record.index for record in tub.records], tub.repairs) == ([0, 1], [])


@pytest.mark.parametrize("extras", [{"lap": "integer"}, {"user/angle": "float"}, {"_index": "int"}])
def test_impossible_extras_are_refused(tmp_path, extras):
    with pytest.raises(CopycarError):
        TubWriter(tmp_path / "tub", extras=extras)


def test_appending_continues_numbers_and_sessions(tmp_path):
    record(tmp_path, 3, max_len=4, metadata={"location": "hall"})
    record(tmp_path, 3, metadata={"driver": "me"})
    tub = Tub.open(tmp_path)
    assert [record.index for record in tub.records] == list(range(6))
    assert [episode.id[-2:] for episode in tub.episodes] == ["_0", "_1"]
    assert (tub.repairs, tub.gaps, tub.metadata) == ([], [3], {"location": "hall", "driver": "me"})
    assert len((tmp_path / "catalog_0.catalog").read_text().splitlines()) == 4


def test_donkeycar_tub_is_continued(shared_data, writable_copy):
    folder = writable_copy(shared_data / "tub-donkeycar-fixture")
    with TubWriter(folder, extras={"track/lap": "int"}) as writer:
        assert writer.append(make_frame(extras={"track/lap": 1})) == 1000
    tub = Tub.open(folder)
    assert (len(tub), tub.repairs, tub.gaps) == (1001, [], [1000])
    lines = (folder / "manifest.json").read_text().splitlines()
    before = (shared_data / "tub-donkeycar-fixture" / "manifest.json").read_text().splitlines()
    assert lines[:3] == before[:3]
    assert json.loads(lines[4])["paths"] == ["catalog_0.catalog", "catalog_1.catalog"]


def test_writer_without_frames_leaves_no_trace(tmp_path, tub_folder):
    before = {path: path.read_bytes() for path in tub_folder.rglob("*") if path.is_file()}
    TubWriter(tub_folder).close()
    TubWriter(tmp_path / "new").close()
    assert before == {path: path.read_bytes() for path in tub_folder.rglob("*") if path.is_file()}
    assert not [path for path in (tmp_path / "new").rglob("*") if path.is_file()]


def test_erase_last_takes_only_this_sessions_newest_frames(tub_folder):
    with TubWriter(tub_folder) as writer:
        for _ in range(5):
            writer.append(make_frame(image_size=SMALL))
        assert writer.erase_last(0) == 0
        assert writer.erase_last(2) == 2
        assert Tub.open(tub_folder).deleted == {15, 16}
        assert writer.append(make_frame(image_size=SMALL)) == 17
        assert (writer.erase_last(100), len(writer)) == (4, 0)
    tub = Tub.open(tub_folder)
    assert (len(tub), tub.deleted, tub.repairs) == (12, frozenset(range(12, 18)), [])


def test_threads_may_append_at_once(tmp_path):
    frame = make_frame(image_size=SMALL)
    with TubWriter(tmp_path, max_len=20) as writer:
        threads = [threading.Thread(target=lambda: [writer.append(frame) for _ in range(15)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    tub = Tub.open(tmp_path)
    assert ([record.index for record in tub.records], tub.repairs) == (list(range(60)), [])


def test_second_writer_is_refused_until_the_first_is_done(tmp_path):
    first = TubWriter(tmp_path)
    first.append(make_frame(image_size=SMALL))
    with pytest.raises(CopycarError, match="is being written by process"):
        TubWriter(tmp_path)
    with pytest.raises(CopycarError, match="is being written by process"):
        Tub.open(tmp_path).delete([0])
    first.close()
    record(tmp_path, 1)
    assert len(Tub.open(tmp_path)) == 2


def test_left_over_lock_file_locks_nobody(tmp_path):
    (tmp_path / ".copycar.lock").write_text("1")
    record(tmp_path, 1)
    assert not (tmp_path / ".copycar.lock").exists()


def test_closed_writer_refuses_frames(tmp_path):
    writer = TubWriter(tmp_path)
    writer.close()
    writer.close()
    with pytest.raises(CopycarError, match="is closed"):
        writer.append(make_frame())


def test_other_recordings_are_not_written_into(tmp_path):
    (tmp_path / "driving_log.csv").write_text("")
    with pytest.raises(CopycarError, match="Udacity"):
        TubWriter(tmp_path)


def fail(error: int):
    def write(*_):
        raise OSError(error, "no space left")

    return write


@pytest.mark.parametrize("target", [(CatalogAppender, "_write"), (Path, "write_bytes")], ids=["catalog", "picture"])
def test_full_disk_is_named_and_costs_no_finished_frame(tmp_path, monkeypatch, target):
    with TubWriter(tmp_path) as writer:
        for _ in range(3):
            writer.append(make_frame(image_size=SMALL))
        with monkeypatch.context() as patch:
            patch.setattr(*target, fail(errno.ENOSPC))
            with pytest.raises(CopycarError, match=r"(?s)disk is full.*the 3 frames of this session so far are safe"):
                writer.append(make_frame(image_size=SMALL))
        assert writer.append(make_frame(image_size=SMALL)) == 3  # somebody made room
    tub = Tub.open(tmp_path)
    assert (len(tub), tub.repairs) == (4, [])


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no file size limit on this system")
def test_line_that_fits_only_half_leaves_nothing_behind(tmp_path):
    frame = make_frame(image_size=SMALL, extras={"note": "x" * 2000})
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with TubWriter(tmp_path) as writer:
            with pytest.raises(CopycarError, match="frames of this session so far are safe"):
                for _ in range(1000):
                    writer.append(frame)
            n = len(writer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert 5 < n < 20
    tub = Tub.open(tmp_path)
    assert (len(tub), tub.repairs) == (n, [])


def test_frames_may_be_encoded_elsewhere(tmp_path):
    frame = make_frame(image_size=SMALL)
    with TubWriter(tmp_path) as writer:
        writer.append_encoded(frame, encode_jpeg(frame.image))
        with pytest.raises(CopycarError, match="no JPEG"):
            writer.append_encoded(frame, b"nothing")
    assert len(list(Tub.open(tmp_path).frames())) == 1
