"""A damaged recording can be used, mended and recorded into. `test_torn_anywhere.py` tears it at every byte."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copycar.testing.tub import make_frame
from copycar.tubs.load import load_images
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

SMALL = (24, 32)
TEXTS = ["manifest.json", "catalog_1.catalog", "catalog_2.catalog", "catalog_2.catalog_manifest"]
torn = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def tear(path: Path, share: float) -> int:
    """Cut `path` off at a share of its length; return how many bytes are left."""
    kept = round(share * path.stat().st_size)
    os.truncate(path, kept)
    return kept


@pytest.fixture
def contents(tub_folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in tub_folder.rglob("*") if path.is_file()}


def put_back(contents: dict[Path, bytes]) -> None:
    for path, data in contents.items():
        if not path.exists():
            path.touch()
        with path.open("r+b") as file:  # in place: emptying a file first would make ext4 wait for the disk
            file.write(data)
            file.truncate()
    for path in {path for file in contents for path in file.parent.iterdir() if path.is_file()} - contents.keys():
        path.unlink()


@torn
@given(share=st.floats(0, 1))
def test_torn_manifest_costs_no_frame_and_is_rebuilt_byte_for_byte(tub_folder, contents, share):
    put_back(contents)
    manifest = tub_folder / "manifest.json"
    tear(manifest, share)
    tub = Tub.open(tub_folder)
    assert len(tub) == 12
    tub.repair()
    assert Tub.open(tub_folder).repairs == []
    rebuilt, original = (
        [json.loads(line) for line in text.splitlines()] for text in (manifest.read_bytes(), contents[manifest])
    )
    assert set(rebuilt[0]) == set(original[0])
    assert rebuilt[3]["sessions"] == original[3]["sessions"]
    assert {**rebuilt[4], "max_len": 5} == original[4]


@torn
@given(share=st.floats(0, 0.999), index=st.integers(0, 11))
def test_torn_picture_costs_only_its_own_frame(tub_folder, contents, share, index):
    put_back(contents)
    tear(tub_folder / "images" / f"{index}_cam_image_array_.jpg", share)
    store = load_images(Tub.open(tub_folder).records, threads=1)
    indexes = [record.index for record in store.records]
    assert indexes == [other for other in range(12) if other != index]


@torn
@given(
    share=st.floats(0, 1), name=st.sampled_from(["manifest.json", "catalog_2.catalog", "catalog_2.catalog_manifest"])
)
def test_torn_tub_can_be_recorded_into_and_is_healthy_again(tub_folder, contents, share, name):
    put_back(contents)
    tear(tub_folder / name, share)
    before = [record.index for record in Tub.open(tub_folder).records]
    with TubWriter(tub_folder) as writer:
        index = writer.append(make_frame(image_size=SMALL))
    tub = Tub.open(tub_folder)
    assert [record.index for record in tub.records] == [*before, index]
    assert index == len(before)
    assert tub.repairs == []


@torn
@given(share=st.floats(0, 1), junk=st.binary(max_size=60), replaced=st.integers(0, 60), name=st.sampled_from(TEXTS))
def test_junk_anywhere_never_costs_the_frames_of_another_catalog(tub_folder, contents, share, junk, replaced, name):
    put_back(contents)
    path = tub_folder / name
    data = contents[path]
    start = round(share * len(data))
    path.write_bytes(data[:start] + junk + data[start + replaced :])
    tub = Tub.open(tub_folder)
    found = {record.index for record in tub.records} | tub.deleted
    assert found >= set(range(12) if name not in {"catalog_1.catalog", "catalog_2.catalog"} else range(5))
    tub.repair()
    again = Tub.open(tub_folder)
    assert {record.index for record in again.records} | again.deleted == found


def test_deletions_are_read_from_a_torn_manifest(tub_folder):
    Tub.open(tub_folder).delete([2, 5, 7])
    manifest = tub_folder / "manifest.json"
    os.truncate(manifest, manifest.read_bytes().index(b"7]"))
    tub = Tub.open(tub_folder)
    assert tub.deleted == {2, 5}
    assert any("check the deletions" in repair for repair in tub.repairs)


def test_deletions_beyond_the_last_frame_are_ignored_and_named(tub_folder):
    manifest = tub_folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"deleted_indexes": []', '"deleted_indexes": [1, 99, -3, "x"]'))
    tub = Tub.open(tub_folder)
    assert tub.deleted == {1}
    assert any("1 deletions beyond the last frame (first: 99)" in repair for repair in tub.repairs)


RECORDER = """
import sys
from copycar.testing.tub import make_frame
from copycar.tubs.write import TubWriter
tub = TubWriter(sys.argv[1], max_len=50)
frame = make_frame(image_size=(24, 32))
while True:
    print(tub.append(frame), flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_killed_recorder_keeps_every_finished_frame(tmp_path):
    folder = tmp_path / "tub"
    recorder = subprocess.Popen([sys.executable, "-c", RECORDER, str(folder)], stdout=subprocess.PIPE, text=True)
    with recorder:
        for line in recorder.stdout:
            if int(line) == 120:
                recorder.kill()
                break
        last = max([120, *(int(line) for line in recorder.stdout.read().split("\n")[:-1])])
    tub = Tub.open(folder)
    assert last + 1 <= len(tub) <= last + 2
    assert len(load_images(tub.records, threads=1)) == len(tub)
    with TubWriter(folder) as writer:  # the dead recorder's lock is no obstacle
        assert writer.append(make_frame(image_size=SMALL)) == len(tub)
        assert writer.session.endswith("_1")
    assert Tub.open(folder).repairs == []
