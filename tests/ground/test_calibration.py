import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.ground.calibration import Calibration, camera_from
from ground.scenes import corner_camera, four_cameras

LENS = np.array([-0.2, 0.05, 0.001, -0.001, 0.01, 0.02, 0.01, 0.003])


def test_projection_agrees_with_opencv():
    calibration = corner_camera("cam1", -3, -2, (180, 320))
    points = np.random.default_rng(0).uniform(-1.5, 1.5, (20, 3)) * (1, 1, 0.2)
    turn, _ = cv2.Rodrigues(calibration.camera.rotation)
    pixels, _ = cv2.projectPoints(points, turn, calibration.translation_m, calibration.camera.intrinsics, None)
    np.testing.assert_allclose(calibration.project(points), pixels.reshape(-1, 2), atol=1e-6)


def test_what_is_behind_a_camera_has_no_pixel():
    calibration = corner_camera("cam1", -3, -2)
    behind = np.array([[-9.0, -6.0]])
    assert np.isnan(calibration.project(behind)).all()
    assert np.isnan(calibration.project_raw(behind)).all()
    assert not calibration.sees(behind).any()


@given(st.floats(-1.4, 1.4), st.floats(-0.9, 0.9))
def test_the_ground_point_of_a_projected_point_is_the_point(x, y):
    for calibration in four_cameras():
        pixels = calibration.project([(x, y)])
        np.testing.assert_allclose(calibration.camera.ground_points(pixels), [(x, y)], atol=1e-9)


def test_raw_pixels_undistort_to_projected_ones():
    camera = corner_camera("cam1", -3, -2, (180, 320)).camera
    calibration = Calibration("cam1", camera, LENS)
    points = np.random.default_rng(0).uniform(-1, 1, (20, 2))
    raw = calibration.project_raw(points)
    undistorted = cv2.undistortPoints(raw.reshape(-1, 1, 2), camera.intrinsics, LENS, P=camera.intrinsics)
    np.testing.assert_allclose(undistorted.reshape(-1, 2), calibration.project(points), atol=0.02)
    assert np.abs(raw - calibration.project(points)).max() > 0.9


def test_matrices_give_back_the_camera():
    camera = corner_camera("cam1", 2, -1).camera
    translation = Calibration("cam1", camera).translation_m
    again = camera_from((48, 64), camera.intrinsics, camera.rotation, translation)
    np.testing.assert_allclose(again.position_m, camera.position_m)


@pytest.mark.parametrize("scale", [2, 0.5])
def test_a_scaled_camera_sees_pixel_areas_scaled(scale):
    calibration = corner_camera("cam1", -3, -2, (180, 320))
    scaled = calibration.scaled(round(180 * scale), round(320 * scale))
    points = np.random.default_rng(1).uniform(-1, 1, (9, 2))
    np.testing.assert_allclose(scaled.project(points) + 0.5, (calibration.project(points) + 0.5) * scale)


def test_a_region_limits_what_a_camera_sees():
    calibration = corner_camera("cam1", -3, -2)
    left = Calibration("cam1", calibration.camera, region_px=np.array([[0, 0], [20, 0], [20, 47], [0, 47]]))
    points = calibration.camera.ground_points(np.array([[10.0, 30.0], [40.0, 30.0]]))
    assert calibration.sees(points).tolist() == [True, True]
    assert left.sees(points).tolist() == [True, False]
