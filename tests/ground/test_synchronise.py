"""Cameras that say nothing of when they began are put together by what moves in front of them."""

import json

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.extract import Choice, extract
from copycar.ground.grid import Grid
from copycar.ground.layouts.write_project import ProjectWriter
from copycar.ground.motion import watch
from copycar.ground.pictures import write_picture
from copycar.ground.scene import SMALL_CAR
from copycar.ground.synchronise import estimate_offsets, read_offsets, write_offsets
from ground.scenes import blob_pictures, four_cameras

RATE = 20.0
AREA = (-2.0, -1.5, 2.0, 1.5)


def path_of(count, seed=0):
    """A thing that stops, goes and turns as cars do among people."""
    rng = np.random.default_rng(seed)
    knots = rng.uniform(-1, 1, (count // 10 + 2, 2)) * (1.4, 0.9)
    times = np.arange(count) / 10
    return np.column_stack([np.interp(times, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)])


def views(count, lags, seed=0):
    """Pictures of four cameras; camera n began lags[n] frames before the common start."""
    cameras = four_cameras((90, 120))
    points = path_of(count + max(lags), seed)
    pictures = [
        [blob_pictures([camera], points[None, max(lags) - lag + moment])[0] for moment in range(count + lag)]
        for camera, lag in zip(cameras, lags, strict=True)
    ]
    return cameras, pictures


@pytest.mark.parametrize("is_calibrated", [True, False])
def test_offsets_are_found_to_the_frame(is_calibrated):
    lags = (0, 7, 3, 25)
    cameras, pictures = views(200, lags)
    grid = Grid.covering(AREA, 0.25)
    motions = {
        camera.name: watch(of_camera, camera if is_calibrated else None, grid if is_calibrated else None)
        for camera, of_camera in zip(cameras, pictures, strict=True)
    }
    told = estimate_offsets(motions, RATE)
    if is_calibrated:
        assert told.is_sure
        assert told.frames == {"cam1": 0, "cam2": 7, "cam3": 3, "cam4": 25}
    else:
        assert not told.is_sure or told.frames == {"cam1": 0, "cam2": 7, "cam3": 3, "cam4": 25}


def test_nothing_that_moves_tells_nothing():
    motions = {name: watch([np.zeros((9, 16, 3), np.uint8)] * 40, None, None) for name in ("cam1", "cam2")}
    assert not estimate_offsets(motions, RATE).is_sure


def test_extract_finds_out_when_cameras_began_and_writes_it_down(tmp_path):
    lags = (4, 0, 9, 2)
    cameras, pictures = views(120, lags)
    project = tmp_path / "project"
    ProjectWriter(project, cameras, SMALL_CAR, RATE, AREA)
    for camera, of_camera in zip(cameras, pictures, strict=True):
        folder = tmp_path / "footage" / camera.name
        folder.mkdir(parents=True)
        for number, picture in enumerate(of_camera):
            write_picture(folder / f"{number}.png", picture)
    taken = extract(project, tmp_path / "footage", Choice(n_train=5, n_val=5))
    assert taken.offsets == {"cam1": 4, "cam2": 0, "cam3": 9, "cam4": 2}
    assert taken.sureness > 1.15
    assert json.loads((project / "0-calibration/first_frame.json").read_text()) == taken.offsets


def test_offsets_read_back(tmp_path):
    assert read_offsets(tmp_path, ["cam1"]) is None
    write_offsets(tmp_path, {"cam2": 5})
    assert read_offsets(tmp_path, ["cam1", "cam2"]) == {"cam1": 0, "cam2": 5}


@pytest.mark.parametrize(
    ("written", "fault"),
    [('{"cam9": 1}', "names cam9"), ('{"cam1": -1}', "negative"), ('{"cam1": "soon"}', "damaged"), ("[]", "damaged")],
)
def test_wrong_offsets_are_named(tmp_path, written, fault):
    (tmp_path / "0-calibration").mkdir()
    (tmp_path / "0-calibration/first_frame.json").write_text(written)
    with pytest.raises(CopycarError, match=fault) as error:
        read_offsets(tmp_path, ["cam1"])
    assert "first_frame.json" in str(error.value)


def test_an_offset_beyond_the_footage_is_named(tmp_path):
    cameras, pictures = views(20, (0, 0, 0, 0))
    project = tmp_path / "project"
    ProjectWriter(project, cameras, SMALL_CAR, RATE, AREA)
    for camera, of_camera in zip(cameras, pictures, strict=True):
        (tmp_path / "footage" / camera.name).mkdir(parents=True)
        for number, picture in enumerate(of_camera):
            write_picture(tmp_path / "footage" / camera.name / f"{number}.png", picture)
    write_offsets(project, {"cam3": 500})
    with pytest.raises(CopycarError, match="cam3 begins with frame 500, but has only 20 frames"):
        extract(project, tmp_path / "footage", Choice(n_train=1, n_val=1))
