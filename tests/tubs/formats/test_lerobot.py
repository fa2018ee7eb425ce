"""LeRobot datasets; `data/lerobot` was written by LeRobot 0.4.4 itself (`LeRobotDataset.create`, no videos)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
from pyarrow import parquet

from copycar.core.errors import CopycarError
from copycar.testing.tub import draw_line
from copycar.tubs.formats.convert import convert
from copycar.tubs.formats.lerobot_stats import PictureStats, number_stats
from copycar.tubs.tub import Tub

THEIRS = Path(__file__).parent / "data" / "lerobot"


def test_a_tub_there_and_back_is_bit_equal_and_keeps_all_it_knew(sources, tmp_path):
    source = sources.tub()
    result = convert(source, tmp_path / "set", to="lerobot")
    assert any("2 deleted frames are left out" in note for note in result.notes)
    convert(tmp_path / "set", tmp_path / "back")
    before, after = Tub.open(source), Tub.open(tmp_path / "back")
    assert len(after.episodes) == 2
    for a, b in zip(before.records, after.records, strict=True):
        assert a.image_path.read_bytes() == b.image_path.read_bytes()
        assert b.action == pytest.approx(a.action, abs=1e-7)
        assert (b.t_ns, b.timestamp_ms) == (a.t_ns, a.timestamp_ms)
        assert b.values == pytest.approx(a.values)


def test_what_lerobot_wrote_is_read(tmp_path):
    result = convert(THEIRS, tmp_path / "out")
    tub = Tub.open(tmp_path / "out")
    assert (result.frames, result.episodes) == (8, 2)
    assert [record.action for record in tub.records[4:]] == [(-0.5, 0.5), (-0.25, 0.5), (0.0, 0.5), (0.25, 0.5)]
    assert tub.records[5].values["observation.state/heading"] == 0.25
    assert tub.records[5].values["lerobot/task"] == "lap 1"
    assert tub.metadata["tasks"] == ["lap 0", "lap 1"]
    image = list(tub.frames())[5].image
    assert image[8, 6].tolist() == pytest.approx([40, 250, 40], abs=12)


def test_what_we_write_has_the_files_keys_and_types_of_lerobots_own(sources, tmp_path):
    convert(sources.tub(), tmp_path / "set", to="lerobot")
    ours, theirs = tmp_path / "set", THEIRS
    names = [{str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} for root in (ours, theirs)]
    assert names[0] == names[1]
    infos = [json.loads((root / "meta/info.json").read_text()) for root in (ours, theirs)]
    assert infos[0].keys() >= infos[1].keys()
    assert infos[0]["video_path"] is None
    for name in ("action", "timestamp", "frame_index", "index", "task_index"):
        assert infos[0]["features"][name] == infos[1]["features"][name]
    episodes = [parquet.read_schema(root / "meta/episodes/chunk-000/file-000.parquet").names for root in (ours, theirs)]
    assert {name for name in episodes[1] if "observation.state" not in name} <= set(episodes[0])
    stats = [json.loads((root / "meta/stats.json").read_text()) for root in (ours, theirs)]
    for name in ("action", "observation.images.front", "frame_index"):
        assert {key: np.shape(value) for key, value in stats[0][name].items()} == {
            key: np.shape(value) for key, value in stats[1][name].items()
        }


def test_statistics_are_those_of_lerobot(tmp_path):
    stats = json.loads((THEIRS / "meta/stats.json").read_text())
    table = parquet.read_table(THEIRS / "data/chunk-000/file-000.parquet")
    ours = number_stats(np.array(table["action"].to_pylist()))
    for name in ("min", "max", "mean", "std", "count"):
        assert ours[name] == pytest.approx(stats["action"][name], abs=1e-6)
    convert(THEIRS, tmp_path / "tub")
    convert(tmp_path / "tub", tmp_path / "set", to="lerobot")
    again = json.loads((tmp_path / "set/meta/stats.json").read_text())["observation.images.front"]
    for name in ("min", "max", "mean"):  # LeRobot 0.4.4 squares uint8 for its std, which wraps around
        theirs = np.array(stats["observation.images.front"][name])
        assert np.array(again[name]) == pytest.approx(theirs, abs=0.05)


def test_picture_statistics_are_exact():
    pictures, images = PictureStats(), [draw_line(s, (20, 30), np.random.default_rng(0)) for s in (-0.5, 0.1)]
    for image in images:
        pictures.add(image)
    values, found = np.stack(images).reshape(-1, 3) / 255, pictures.result()
    assert np.array(found["mean"]).ravel() == pytest.approx(values.mean(axis=0))
    assert np.array(found["std"]).ravel() == pytest.approx(values.std(axis=0))
    assert np.array(found["max"]).ravel() == pytest.approx(values.max(axis=0))
    assert np.array(found["q50"]).ravel() == pytest.approx(np.median(values, axis=0), abs=1 / 255)


def test_episodes_never_span_a_gap_and_big_recordings_take_several_files(sources, tmp_path, monkeypatch):
    monkeypatch.setattr("copycar.tubs.formats.lerobot_files.FILE_MB", 0)
    source = sources.tub(n=40)
    Tub.open(source).delete([5, 6])
    result = convert(source, tmp_path / "set", to="lerobot")
    episodes = parquet.read_table(tmp_path / "set/meta/episodes/chunk-000/file-000.parquet").to_pylist()
    assert [row["length"] for row in episodes] == [5, 13, 18]
    assert [row["data/file_index"] for row in episodes] == [0, 1, 2]
    assert [row["dataset_from_index"] for row in episodes] == [0, 5, 18]
    assert convert(tmp_path / "set", tmp_path / "back").frames == result.frames == 36


def test_pictures_in_videos_are_taken_from_the_episodes_second(tmp_path):
    source = writable(tmp_path / "set")
    video = source / "videos/observation.images.front/chunk-000/file-000.mp4"
    video.parent.mkdir(parents=True)
    with av.open(str(video), "w") as container:
        stream = container.add_stream("mpeg4", rate=20)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for number in range(8):
            image = np.full((32, 32, 3), number * 30, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    edit_info(source, lambda info: info["features"]["observation.images.front"].update(dtype="video"))
    path = source / "meta/episodes/chunk-000/file-000.parquet"
    table = parquet.read_table(path)
    for column, values in {"chunk_index": [0, 0], "file_index": [0, 0], "from_timestamp": [0.0, 0.2]}.items():
        table = table.append_column(f"videos/observation.images.front/{column}", [values])
    parquet.write_table(table, path)
    result = convert(source, tmp_path / "out")
    assert result.frames == 8
    grey = [frame.image.mean() for frame in Tub.open(tmp_path / "out").frames()]
    assert grey == pytest.approx([number * 30 for number in range(8)], abs=6)


def test_an_action_that_cannot_be_understood_asks(tmp_path):
    source = writable(tmp_path / "set")
    edit_info(source, lambda info: info["features"]["action"].update(names=["left_wheel", "right_wheel"]))
    with pytest.raises(CopycarError, match="--steering left_wheel"):
        convert(source, tmp_path / "out")
    options = {"steering": "left_wheel", "throttle": "1"}
    assert convert(source, tmp_path / "out", options=options).frames == 8


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda info: info.update(codebase_version="v2.1"), "LeRobot dataset v2.1"),
        (lambda info: info.pop("features"), "damaged"),
        (lambda info: info.update(features={"action": {}}), "damaged"),
        (lambda info: info["features"].pop("observation.images.front"), "no pictures"),
        (lambda info: info["features"].pop("action"), "no action"),
        (
            lambda info: info["features"].update({"../../x": {"dtype": "video", "shape": [1], "names": None}}),
            "outside of",
        ),
    ],
)
def test_a_damaged_description_is_named(change, fault, tmp_path):
    source = writable(tmp_path / "set")
    edit_info(source, change)
    options = {"camera": "../../x"} if fault == "outside of" else {}
    with pytest.raises(CopycarError, match=fault):
        convert(source, tmp_path / "out", options=options)


def test_a_file_that_was_never_finalised_costs_only_its_own_frames(tmp_path):
    source = writable(tmp_path / "set")
    data = source / "data/chunk-000/file-000.parquet"
    (source / "data/chunk-000/file-001.parquet").write_bytes(data.read_bytes()[:-100])
    result = convert(source, tmp_path / "out")
    assert result.frames == 8
    assert any("file-001.parquet is torn" in note for note in result.notes)


@pytest.mark.slow
def test_the_real_lerobot_opens_what_we_write(sources, tmp_path):
    python = os.environ.get("LEROBOT_PYTHON", "")
    if not python:
        pytest.skip("LEROBOT_PYTHON names no Python that has lerobot (pip install lerobot==0.4.4, 4 GB)")
    convert(sources.tub(), tmp_path / "set", to="lerobot")
    code = """
import sys
from lerobot.datasets.lerobot_dataset import LeRobotDataset
data = LeRobotDataset("local/set", root=sys.argv[1], delta_timestamps={"action": [-0.05, 0.0]})
first = data[0]
assert len(data) == 28 and data.num_episodes == 2 and first["task"] == "Drive along the track."
assert tuple(first["observation.images.front"].shape) == (3, 24, 32) and tuple(first["action"].shape) == (2, 2)
assert data.meta.stats["observation.images.front"]["mean"].shape == (3, 1, 1)
"""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    environment.pop("PYTHONPATH", None)
    subprocess.run([python, "-c", code, str(tmp_path / "set")], check=True, env=environment)


def writable(folder):
    shutil.copytree(THEIRS, folder, copy_function=shutil.copyfile)
    return folder


def edit_info(folder, change):
    path = folder / "meta/info.json"
    info = json.loads(path.read_text())
    change(info)
    path.write_text(json.dumps(info))
