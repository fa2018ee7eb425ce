"""`copycar ground calibrate` from empty folder to a project that check accepts."""

import json
import shutil

import numpy as np
import pytest

from copycar.cli.main import run
from copycar.ground.layouts.calibration_json import read_calibration
from copycar.ground.pictures import write_picture
from ground.calibrating.floor_pictures import LENS, SIZE, board_views, chessboard_texture, photograph
from ground.calibrating.test_poses import CAMERAS, FLOOR
from ground.scenes import make_project


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "project", n_train=1, n_val=1)


def write_points(path, cameras):
    rows = ["camera,u_px,v_px,x_m,y_m"]
    for name, calibration in cameras.items():
        for (x, y, _), (u, v) in zip(FLOOR.tolist(), calibration.project_raw(FLOOR).tolist(), strict=True):
            rows.append(f"{name},{u},{v},{x},{y}")
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.mark.slow
def test_lens_and_pose_make_a_calibration(tmp_path, capsys):
    (tmp_path / "boards/cam1").mkdir(parents=True)
    texture = chessboard_texture(9, 6, 24)
    for number, view in enumerate(board_views(8)):
        write_picture(tmp_path / f"boards/cam1/{number}.png", photograph(view, texture, 0.001, (-0.144, 0.108)))
    project, camera = tmp_path / "new", {"cam1": CAMERAS["cam1"]}
    boards = ["--boards", str(tmp_path / "boards"), "--square-m", "0.024", "--coverage", str(tmp_path / "drawn")]
    assert run(["ground", "calibrate", str(project), *boards, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [verdict["name"] for verdict in result["verdicts"]] == ["cam1 lens"]
    assert (tmp_path / "drawn/coverage_cam1.png").is_file()
    path = project / "0-calibration/calibs/cam1.json"
    values = json.loads(path.read_text())  # of the lens; the pose is taken with the true one, 75 degrees wide
    intrinsics, size = CAMERAS["cam1"].camera.intrinsics.tolist(), list(SIZE)
    path.write_text(json.dumps({**values, "K": intrinsics, "dist": LENS.tolist(), "size": size}))
    points = write_points(tmp_path / "points.csv", camera)
    assert run(["ground", "calibrate", str(project), "--points", str(points), "--json"]) == 0
    found = read_calibration(path)
    np.testing.assert_allclose(found.camera.position_m, CAMERAS["cam1"].camera.position_m, atol=1e-3)


@pytest.mark.slow
def test_check_writes_nothing_and_ends_with_1_where_a_camera_was_moved(project, tmp_path, capsys):
    cameras = {name: moved_to(project, name) for name in ("cam1", "cam2")}
    points = write_points(tmp_path / "points.csv", cameras)
    before = (project / "0-calibration/calibs/cam1.json").read_bytes()
    assert run(["ground", "calibrate", str(project), "--points", str(points), "--check", "--json"]) == 0
    path = project / "0-calibration/calibs/cam2.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "T": [values["T"][0] + 40, *values["T"][1:]]}))
    capsys.readouterr()
    assert run(["ground", "calibrate", str(project), "--points", str(points), "--check", "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert [verdict["status"] for verdict in result["verdicts"]] == ["ok", "broken"]
    assert result["files"] == []
    assert (project / "0-calibration/calibs/cam1.json").read_bytes() == before


def moved_to(project, name):
    return read_calibration(project / f"0-calibration/calibs/{name}.json")


def test_a_calibration_keeps_what_else_its_file_holds(project, tmp_path):
    cameras = {f"cam{number}": moved_to(project, f"cam{number}") for number in range(1, 5)}
    points = write_points(tmp_path / "points.csv", cameras)
    path = project / "0-calibration/calibs/cam1.json"
    region = json.loads(path.read_text())["ROI"]
    assert run(["ground", "calibrate", str(project), "--points", str(points), "--together"]) == 0
    assert json.loads(path.read_text())["ROI"] == region


def test_the_file_that_is_read_of_a_camera_is_the_one_that_is_written(project, tmp_path, capsys):
    cameras = {name: moved_to(project, name) for name in ("cam1", "cam2")}
    folder = project / "0-calibration/calibs"
    values = json.loads((folder / "cam1.json").read_text())
    newer = folder / "cam1_new.json"
    newer.write_text(json.dumps({**values, "T": [values["T"][0] + 40, *values["T"][1:]]}))
    before = (folder / "cam1.json").read_bytes()
    points = write_points(tmp_path / "points.csv", cameras)
    assert run(["ground", "calibrate", str(project), "--points", str(points), "--json"]) == 0
    assert [verdict["name"] for verdict in json.loads(capsys.readouterr().out)["verdicts"]] == [
        "cam1 pose",
        "cam2 pose",
    ]
    np.testing.assert_allclose(json.loads(newer.read_text())["T"], values["T"], atol=0.1)
    assert (folder / "cam1.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing to calibrate from"),
        (["--boards", "nowhere"], "holds no cameras"),
        (["--boards", "nowhere", "--corners", "many"], "is no board"),
        (["--points", "nowhere.csv"], "there is no nowhere.csv"),
        (["--mat", "nowhere.json"], "needs a picture of every camera"),
    ],
)
def test_what_is_missing_is_said(project, arguments, words, capsys):
    assert run(["ground", "calibrate", str(project), *arguments]) == 2
    assert words in capsys.readouterr().err


def test_points_of_an_unknown_camera_are_refused(project, tmp_path, capsys):
    points = write_points(tmp_path / "points.csv", {"cam9": CAMERAS["cam1"]})
    assert run(["ground", "calibrate", str(project), "--points", str(points)]) == 2
    assert "no camera cam9" in capsys.readouterr().err


def test_poses_need_lenses_first(tmp_path, capsys):
    shutil.rmtree(tmp_path / "nothing", ignore_errors=True)
    points = write_points(tmp_path / "points.csv", {"cam1": CAMERAS["cam1"]})
    assert run(["ground", "calibrate", str(tmp_path / "nothing"), "--points", str(points)]) == 2
    assert "--boards" in capsys.readouterr().err
