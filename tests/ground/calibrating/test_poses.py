"""Cameras are found again from tags on the floor and from surveyed points."""

import json

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.calibrating.floor_points import Seen, find_tags, read_mat, read_points
from copycar.ground.calibrating.pose import judge_pose, pose_alone, pose_error, pose_together
from copycar.ground.calibration import Calibration
from ground.calibrating.floor_pictures import LENS, SIZE, floor_with_tags, moved, photograph
from ground.scenes import four_cameras

AREA = (-2.0, -1.5, 2.0, 1.5)
CAMERAS = {camera.name: Calibration(camera.name, camera.camera, LENS) for camera in four_cameras(SIZE)}
FLOOR = np.array([(x, y, 0.0) for x in (-1.2, 0.0, 1.2) for y in (-0.8, 0.8)])


def shown(calibration, points=FLOOR, noise_px=0.0):
    pixels = calibration.project_raw(points) + np.random.default_rng(0).normal(0, noise_px or 1e-9, (len(points), 2))
    return Seen(points, pixels, tuple(str(point) for point in points.tolist()))


def lost(calibration):
    """The same lens somewhere else."""
    return moved(calibration, (0.7, -0.4, 0.3))


@pytest.fixture
def mat(tmp_path):
    tags = {"3": [-1.0, -0.7, 0], "7": [1.0, -0.6, 90], "11": [0.9, 0.7, 45], "20": [-0.9, 0.6, -30], "21": [0, 0, 10]}
    path = tmp_path / "mat.json"
    path.write_text(json.dumps({"dictionary": "DICT_APRILTAG_36h11", "size_m": 0.3, "tags": tags}))
    return read_mat(path)


@pytest.mark.slow
def test_a_camera_is_found_again_from_tags_on_the_floor(mat):
    floor = floor_with_tags(mat, AREA, 0.004)
    for calibration in CAMERAS.values():
        seen = find_tags(photograph(calibration, floor, 0.004, (AREA[0], AREA[3])), mat)
        assert len(seen.names) >= 12
        found = pose_alone(lost(calibration), seen)
        assert np.linalg.norm(found.camera.position_m - calibration.camera.position_m) < 0.03
        assert pose_error(found, seen).mean_cm < 1.0
        assert judge_pose(found, seen).status == "ok"


def test_a_camera_is_found_again_from_surveyed_points():
    for calibration in CAMERAS.values():
        found = pose_alone(lost(calibration), shown(calibration))
        np.testing.assert_allclose(found.camera.position_m, calibration.camera.position_m, atol=1e-4)
        np.testing.assert_allclose(found.camera.rotation, calibration.camera.rotation, atol=1e-4)


def test_points_above_the_floor_help_too():
    calibration = CAMERAS["cam1"]
    points = np.vstack([FLOOR, (0.2, 0.3, 0.5), (-0.4, 0.1, 0.3)])
    found = pose_alone(lost(calibration), shown(calibration, points))
    np.testing.assert_allclose(found.camera.position_m, calibration.camera.position_m, atol=1e-3)


def test_error_is_told_in_pixels_and_on_the_floor():
    calibration = CAMERAS["cam1"]
    exact = pose_error(calibration, shown(calibration))
    assert exact.rms_px < 1e-3
    assert exact.mean_cm < 1e-2
    off = pose_error(moved(calibration, (0.1, 0.0, 0.0)), shown(calibration))
    assert off.mean_cm == pytest.approx(10, abs=0.1)
    assert judge_pose(moved(calibration, (0.1, 0.0, 0.0)), shown(calibration)).status == "broken"
    assert judge_pose(moved(calibration, (0.02, 0.0, 0.0)), shown(calibration)).status == "look"


@pytest.mark.slow
def test_together_a_wrong_survey_is_mended():
    """One point was measured 2 cm off: together with the others, cameras still agree on the truth."""
    wrong = FLOOR.copy()
    wrong[0, 0] += 0.02
    seen = {}
    for name, calibration in CAMERAS.items():
        true = shown(calibration, noise_px=0.2)
        seen[name] = Seen(wrong, true.pixels, true.names)
    alone = {name: pose_alone(lost(calibration), seen[name]) for name, calibration in CAMERAS.items()}
    together = pose_together(alone, seen)

    def apart(cameras):
        return np.mean(
            [np.hypot(*(cameras[name].project_raw(FLOOR) - CAMERAS[name].project_raw(FLOOR)).T) for name in CAMERAS]
        )

    assert apart(together) < apart(alone)


def test_too_few_points_are_refused():
    calibration = CAMERAS["cam1"]
    with pytest.raises(CopycarError, match="shows 3 known points"):
        pose_alone(calibration, shown(calibration, FLOOR[:3]))


def test_points_on_a_line_are_refused_or_judged_bad():
    calibration = CAMERAS["cam1"]
    line = np.array([(x, 0.0, 0.0) for x in np.linspace(-1, 1, 6)])
    try:
        found = pose_alone(lost(calibration), shown(calibration, line, noise_px=0.5))
    except CopycarError as error:
        assert "line" in error.why
    else:
        assert pose_error(found, shown(calibration)).mean_cm > 0


def test_surveyed_points_are_read_per_camera(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("camera,u_px,v_px,x_m,y_m,z_m\ncam1,10,20,1,2,\ncam2,11,21,1,2,0.5\ncam1,30,40,3,4,0\n")
    seen = read_points(path)
    assert seen["cam1"].pixels.tolist() == [[10, 20], [30, 40]]
    assert seen["cam2"].points_m.tolist() == [[1, 2, 0.5]]
    assert seen["cam1"].names[0] == "(1, 2, 0)"


@pytest.mark.parametrize("text", ["camera,u_px\ncam1,1\n", "camera,u_px,v_px,x_m,y_m\ncam1,1,2,3,here\n"])
def test_damaged_points_are_named(tmp_path, text):
    (tmp_path / "points.csv").write_text(text)
    with pytest.raises(CopycarError, match=r"points\.csv"):
        read_points(tmp_path / "points.csv")


@pytest.mark.parametrize(
    "values",
    [{}, {"size_m": 0.1}, {"size_m": 0.1, "tags": {"a": [0, 0, 0]}}, {"size_m": 0.1, "tags": {"1": [0, 0]}}],
)
def test_a_damaged_mat_is_named(tmp_path, values):
    (tmp_path / "mat.json").write_text(json.dumps(values))
    with pytest.raises(CopycarError, match=r"mat\.json"):
        read_mat(tmp_path / "mat.json")


def test_an_upright_tag_has_its_upper_edge_towards_y(mat):
    corners = mat.corners_m[3]
    np.testing.assert_allclose(corners[0], (-1.15, -0.55, 0))
    np.testing.assert_allclose(corners[2], (-0.85, -0.85, 0))
