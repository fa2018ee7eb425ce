"""Clicked floor points are kept at once, judged as they come, and calibrate the cameras."""

import json

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.calibrating.clicks import ClickedPoints
from copycar.ground.calibrating.floor_points import read_points
from copycar.ground.layouts.calibration_json import read_calibration
from copycar.ground.pictures import write_picture
from ground.scenes import make_project

FLOOR = [(-1.2, -0.8), (1.2, -0.8), (1.2, 0.8), (-1.2, 0.8), (0.1, 0.2), (-0.5, 0.4)]


@pytest.fixture
def project(tmp_path):
    folder = make_project(tmp_path / "project", n_train=1, n_val=1)
    for number in range(1, 5):
        (tmp_path / "stills").mkdir(exist_ok=True)
        write_picture(tmp_path / f"stills/cam{number}.png", np.full((48, 64, 3), 90, dtype=np.uint8))
    return folder


@pytest.fixture
def clicked(project):
    return ClickedPoints(project, project.parent / "stills")


def click_all(clicked, camera="cam1", points=FLOOR):
    calibration = clicked.cameras[camera]
    for x, y in points:
        u, v = calibration.project_raw([(x, y)])[0].tolist()
        clicked.put(camera, (x, y, 0.0), (u, v))


def test_every_click_is_in_the_file_at_once_and_gone_on_with(clicked, project):
    click_all(clicked, points=FLOOR[:2])
    seen = read_points(project / "0-calibration/points.csv")["cam1"]
    assert seen.points_m[:, :2].tolist() == [list(point) for point in FLOOR[:2]]
    again = ClickedPoints(project, project.parent / "stills")
    assert again.points() == sorted((x, y, 0.0) for x, y in FLOOR[:2])
    assert again.pixels() == clicked.pixels()


def test_a_click_moves_a_point_and_undo_brings_it_back(clicked):
    clicked.put("cam1", (0.0, 0.0, 0.0), (10.0, 10.0))
    clicked.put("cam1", (0.0, 0.0, 0.0), (20.0, 20.0))
    assert clicked.pixels()["cam1"] == {(0.0, 0.0, 0.0): (20.0, 20.0)}
    assert clicked.undo()
    assert clicked.pixels()["cam1"] == {(0.0, 0.0, 0.0): (10.0, 10.0)}
    assert clicked.undo()
    assert clicked.pixels()["cam1"] == {}
    assert not clicked.undo()


def test_points_calibrate_the_cameras_that_show_enough_of_them(clicked, project):
    truth = read_calibration(project / "0-calibration/calibs/cam1.json").camera.position_m
    path = project / "0-calibration/calibs/cam1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "T": [0.0, 0.0, 300.0], "R": np.eye(3).tolist()}))
    click_all(clicked)
    click_all(clicked, "cam2", FLOOR[:2])
    verdicts = {verdict.name.split()[0]: verdict for verdict in clicked.judge()}
    assert verdicts["cam1"].status == "ok"
    assert verdicts["cam2"].words == "2 points, 2 more are needed"
    assert clicked.calibrate() == [path]
    assert read_calibration(path).camera.position_m == pytest.approx(truth, abs=0.02)


def test_too_few_points_are_said(clicked):
    with pytest.raises(CopycarError, match="no camera shows 4 points"):
        clicked.calibrate()


def test_points_of_an_unknown_camera_are_named(clicked, project):
    (project / "0-calibration/points.csv").write_text("camera,u_px,v_px,x_m,y_m\ncam9,1,1,0,0\n")
    with pytest.raises(CopycarError, match=r"points\.csv names cam9"):
        clicked.pixels()
