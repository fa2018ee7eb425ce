"""Films and live sources become moments: together, in order, and measured."""

import time

import cv2
import numpy as np
import pytest

from copycar.core.errors import CopycarError, DeviceError
from copycar.ground.sources import LiveCamera
from copycar.ground.stream import footage_sights, live_sights, live_sources
from copycar.tubs.film import film_writer
from ground.scenes import SIZE, four_cameras

RATE = 50.0


def film(path, shades):
    path.parent.mkdir(parents=True, exist_ok=True)
    with film_writer(path, SIZE, RATE, quality=5, preset="veryfast") as add:
        for shade in shades:
            add(np.full((*SIZE, 3), shade, dtype=np.uint8))
    return path


@pytest.fixture
def cameras():
    return four_cameras()[:2]


def test_footage_gives_the_moments_that_all_cameras_show(tmp_path, cameras):
    folders = {"cam1": tmp_path / "cam1", "cam2": tmp_path / "cam2"}
    film(folders["cam1"] / "a.mp4", [40 + 4 * moment for moment in range(20)])
    film(folders["cam2"] / "a.mp4", [40 + 4 * moment for moment in range(-3, 30)])
    sights = list(footage_sights(cameras, folders, {"cam1": 0, "cam2": 3}, SIZE))
    assert [sight.number for sight in sights] == list(range(20))
    assert sights[10].time_s == pytest.approx(10 / RATE)
    for sight in sights:
        assert sight.pictures.shape == (2, *SIZE, 3)
        assert abs(float(sight.pictures[0].mean()) - float(sight.pictures[1].mean())) < 2


def test_a_camera_without_footage_is_named(tmp_path, cameras):
    with pytest.raises(CopycarError, match="no footage of cam2"):
        next(footage_sights(cameras, {"cam1": tmp_path}, {}, SIZE))


def test_pictures_of_another_size_than_calibrated_are_refused(tmp_path, cameras):
    cv2.imwrite(str(tmp_path / "0.png"), np.zeros((10, 10, 3), np.uint8))
    with pytest.raises(CopycarError, match="a picture of cam1 has 10 x 10 pixels"):
        next(footage_sights(cameras, {"cam1": tmp_path, "cam2": tmp_path}, {}, SIZE))


def test_films_are_played_as_if_they_happened_now(tmp_path, cameras):
    sources = [str(film(tmp_path / f"{c.name}.mp4", [40 + 4 * moment for moment in range(30)])) for c in cameras]
    sights = list(live_sights(cameras, sources, SIZE))
    times = np.array([sight.time_s for sight in sights])
    assert np.all(np.diff(times) > 0)
    assert times[-1] <= 29 / RATE + 1e-6
    shades = np.array([sight.pictures.mean() for sight in sights])
    np.testing.assert_allclose(shades - shades[0], 4 * times * RATE, atol=2)


def test_whoever_is_slow_sees_the_newest_picture_and_not_the_past(tmp_path):
    source = film(tmp_path / "a.mp4", [40 + 4 * moment for moment in range(30)])
    with LiveCamera("cam1", str(source), time.monotonic() - 1.0) as camera:
        camera._thread.join()
        shot = camera.newer(3)
        assert shot.number == 29
        assert camera.newer(29) is None, "the film is over"


def test_a_live_run_ends_when_it_was_told_to(tmp_path, cameras):
    sources = [str(film(tmp_path / f"{c.name}.mp4", [100] * 50)) for c in cameras]
    last = list(live_sights(cameras, sources, SIZE, seconds=0.2))[-1]
    assert 0.1 < last.time_s <= 0.2


def test_a_source_that_is_not_there_is_a_device_error(cameras):
    with pytest.raises(DeviceError, match=r"cam1: /nowhere/film\.mp4 cannot be opened"):
        next(live_sights(cameras, ["/nowhere/film.mp4"] * 2, SIZE))


def test_a_stream_that_ends_is_a_camera_that_was_unplugged(tmp_path):
    source = film(tmp_path / "a.mp4", [100] * 3)
    camera = LiveCamera("cam1", str(source), time.monotonic())
    camera._film = False  # a film stands for a network stream here, which has no end
    with camera, pytest.raises(DeviceError, match="cam1 gives no pictures any more"):
        number = -1
        while (shot := camera.newer(number)) is not None:
            number = shot.number


def test_sources_are_named_one_by_one_or_by_a_folder(tmp_path, cameras):
    film(tmp_path / "cam1.mp4", [1] * 2)
    film(tmp_path / "cam2/drive.mp4", [1] * 2)
    assert live_sources([str(tmp_path)], cameras) == [str(tmp_path / "cam1.mp4"), str(tmp_path / "cam2/drive.mp4")]
    assert live_sources(["0", "rtsp://there"], cameras) == ["0", "rtsp://there"]
    with pytest.raises(CopycarError, match="1 live sources for 2 cameras"):
        live_sources(["0"], cameras)
    (tmp_path / "cam2/drive.mp4").unlink()
    with pytest.raises(CopycarError, match="no film of cam2"):
        live_sources([str(tmp_path)], cameras)
