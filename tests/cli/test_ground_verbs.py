"""`copycar ground …` from outside: what it prints, what it writes, what it refuses."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from copycar.cli.main import run
from copycar.ground.course import Course, write_course
from copycar.ground.open_scene import open_scene
from copycar.ground.pictures import write_picture
from copycar.ground.simulate import write_footage
from ground.scenes import blob_pictures, make_project

QUICK = ["--epochs", "2", "--cell-m", "0.1", "--width-px", "64", "--threads", "1"]


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A project with a detector of two epochs; not to be written to."""
    folder = make_project(tmp_path_factory.mktemp("ground") / "project", n_train=16, n_val=6)
    assert run(["ground", "train", str(folder), *QUICK]) == 0
    return folder


@pytest.fixture(scope="session")
def trained_on_circle(tmp_path_factory):
    """A rig with a detector and a course, and films of one thing that goes round it once and a bit."""
    folder = make_project(tmp_path_factory.mktemp("circle") / "rig", n_train=60, n_val=6, n_things=1)
    assert run(["ground", "train", str(folder), "--cell-m", "0.1", "--width-px", "64", "--epochs", "12"]) == 0
    cameras = open_scene(folder).cameras
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    write_course(folder / "course.json", Course(0.7 * np.column_stack([np.cos(angles), np.sin(angles)]), 0.6))
    frames = folder.parent / "frames"
    for number in range(110):
        place = 0.7 * np.array([[np.cos(number * 0.07 + 0.3), np.sin(number * 0.07 + 0.3)]])
        for camera, picture in zip(cameras, blob_pictures(cameras, place), strict=True):
            (frames / camera.name).mkdir(parents=True, exist_ok=True)
            write_picture(frames / camera.name / f"{camera.name}_{number}.png", picture)
    write_footage(frames, folder.parent / "footage", [camera.name for camera in cameras])
    return folder, folder.parent / "footage"


@pytest.mark.slow
def test_simulate_makes_a_project_that_check_accepts(result_of):
    made = result_of("ground", "simulate", "new", "--train", "2", "--val", "2", "--cameras", "2", "--size", "160x90")
    assert made == {"project": "new", "cameras": 2, "train": 2, "val": 2}
    checked = result_of("ground", "check", "new", "--picture", "plan.png")
    assert checked["frames"] == {"train": 2, "val": 2}
    assert {verdict["status"] for verdict in checked["verdicts"]} <= {"ok", "look"}
    assert Path(checked["picture"]).read_bytes().startswith(b"\x89PNG")


def test_extract_takes_frames_of_all_cameras(result_of):
    for camera in ("cam1", "cam2"):
        for number in range(30):
            path = Path("footage") / camera / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_picture(path, np.zeros((8, 8, 3), dtype=np.uint8))
    taken = result_of("ground", "extract", "project", "footage", "--train", "3", "--val", "4")
    assert taken == {
        "project": "project",
        "cameras": ["cam1", "cam2"],
        "train": 3,
        "val": 4,
        "rate_hz": 10.0,
        "offsets": {"cam1": 0, "cam2": 0},
        "offsets_sureness": 1.0,
    }
    assert len(list(Path("project/1-annotation").rglob("*.png"))) == 14


def test_check_ends_with_1_where_a_training_could_not_be_right(project, tmp_path, capsys):
    broken = shutil.copytree(project, tmp_path / "broken")
    path = broken / "0-calibration/calibs/cam1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "size": [10, 10]}))
    assert run(["ground", "check", str(broken), "--json"]) == 1
    verdicts = {verdict["name"]: verdict for verdict in json.loads(capsys.readouterr().out)["verdicts"]}
    assert verdicts["pictures"]["status"] == "broken"


@pytest.mark.slow
def test_train_and_validate_say_how_good_it_is(project, result_of, tmp_path):
    result = result_of("ground", "validate", project, "--out", tmp_path / "found.hdf5", "--distance-m", "0.3")
    assert {"moda", "modp", "precision", "recall", "mean_error_m"} <= result.keys()
    assert result["distance_m"] == 0.3
    assert result["n_moments"] == 6
    assert Path(result["file"]).is_file()


@pytest.mark.slow
def test_run_follows_through_footage_and_live_films(project, result_of, tmp_path):
    write_footage(project / "1-annotation/train", tmp_path / "footage", ["cam1", "cam2", "cam3", "cam4"])
    recorded = result_of("ground", "run", project, "--footage", tmp_path / "footage", "--out", tmp_path / "a.csv")
    assert recorded["frames"] == 16
    assert recorded["rate_hz"] > 0
    live = result_of("ground", "run", project, "--live", tmp_path / "footage", "--out", tmp_path / "b.csv")
    assert 0 < live["frames"] <= 16
    assert live["rate_hz"] > 0
    assert live["latency_ms"]["p50"] > 0
    assert (tmp_path / "a.csv").is_file()
    assert (tmp_path / "b.csv").is_file()


@pytest.mark.slow
def test_cameras_referee_a_drive_that_was_filmed(result_of, tmp_path, trained_on_circle):
    rig, footage = trained_on_circle
    result = result_of("evaluate", "--referee", rig, "--footage", footage, "--laps", "1", "--out", tmp_path / "proof")
    card = result["score_card"]
    assert card["laps"] == 1
    assert card["autonomy_pct"] == 100
    assert card["cross_track_error_m"]["mean"] < 0.1
    assert card["latency_ms"]["p50"] is None
    assert Path(result["report"]).read_text().startswith("<!doctype html>")
    again = result_of("evaluate", "--referee", rig, "--laps", "1", "--out", tmp_path / "again")
    assert again["score_card"]["laps"] == 1, "the trajectories of before are judged"


@pytest.mark.slow
def test_visualize_run_and_laps_follow_each_other(project, result_of, tmp_path):
    mine = shutil.copytree(project, tmp_path / "mine")
    result_of("ground", "validate", mine)
    files = result_of("ground", "visualize", mine)["files"]
    assert {"ground", "cameras", "heat", "heat cam1"} <= files.keys()
    assert all(Path(path).is_file() for path in files.values())
    followed = result_of("ground", "run", mine)
    assert {"file", "frames", "tracks", "mota", "idf1"} <= followed.keys()
    (mine / "course.json").write_text('{"line_m": [[1, 0], [0, 1], [-1, 0], [0, -1]], "width_m": 1.0}')
    timed = result_of("ground", "laps", mine, "--picture", tmp_path / "speed.png")
    assert len(timed["cars"]) == followed["tracks"]
    assert Path(timed["picture"]).is_file()


@pytest.mark.slow
def test_laps_without_a_course_say_how(project, refused):
    assert "line_m" in refused("ground", "laps", project)


@pytest.mark.slow
def test_a_second_training_does_not_overwrite_the_first(project, refused):
    assert "holds a run already" in refused("ground", "train", project, *QUICK)


@pytest.mark.slow
def test_a_finished_training_can_be_asked_again(project, result_of):
    assert result_of("ground", "train", project, "--resume")["epochs"] == 2


@pytest.mark.parametrize("verb", ["check", "train", "validate", "visualize", "run", "laps"])
def test_a_folder_without_cameras_is_refused(verb, refused):
    assert "no folder nowhere" in refused("ground", verb, "nowhere")


def test_train_without_a_project_says_how(refused):
    assert "copycar ground train PROJECT" in refused("ground", "train")
    assert "copycar ground train PROJECT --resume" in refused("ground", "train", "--resume")


def test_an_unknown_split_is_refused(project, refused):
    assert "--split val" in refused("ground", "validate", project, "--split", "test")


def test_help_of_every_ground_verb_loads_no_torch(python):
    program = """
import sys
from copycar.cli.main import run
from copycar.cli.verbs import GROUND_VERBS
for verb in GROUND_VERBS:
    assert run(["ground", verb, "--help"]) == 0, verb
    assert "torch" not in sys.modules, verb
"""
    result = python(program)
    assert (result.returncode, result.stderr) == (0, "")
