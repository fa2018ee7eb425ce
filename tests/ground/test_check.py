"""Every fault that makes a training worthless is found, named, and worth exit code 1."""

import json
import shutil

import numpy as np
import pytest

from copycar.ground.check import check_scene
from copycar.ground.open_scene import open_scene
from copycar.ground.plan_picture import coverage_picture
from ground.scenes import make_project


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("check") / "project", n_train=6, n_val=3)


@pytest.fixture
def project(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "project")


def verdicts(project, status):
    return {verdict.name: verdict for verdict in check_scene(open_scene(project)) if verdict.status == status}


def change(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def camera_file(project, number=1):
    return project / f"0-calibration/calibs/cam{number}.json"


def test_a_sound_project_is_sound(project):
    assert not verdicts(project, "broken")
    assert not verdicts(project, "look")


def test_a_mirrored_camera_is_broken(project):
    rotation = np.array(json.loads(camera_file(project).read_text())["R"])
    change(camera_file(project), R=(np.diag([-1, 1, 1]) @ rotation).tolist())
    assert "mirror" in verdicts(project, "broken")["cam1"].words


def test_a_matrix_that_is_no_rotation_is_broken(project):
    change(camera_file(project), R=[[1, 0.1, 0], [0, 1, 0], [0, 0, 1]])
    assert "no rotation" in verdicts(project, "broken")["cam1"].words


@pytest.mark.parametrize(("factor", "words"), [(0.001, "above the floor"), (100, "above the floor"), (-1, "below")])
def test_a_camera_at_an_impossible_height_is_broken(project, factor, words):
    translation = json.loads(camera_file(project).read_text())["T"]
    change(camera_file(project), T=[value * factor for value in translation])
    assert words in verdicts(project, "broken")["cam1"].words


def test_a_camera_that_looks_elsewhere_is_broken(project):
    here, away = (json.loads(camera_file(project, number).read_text()) for number in (1, 3))
    position = -np.array(here["R"]).T @ here["T"]
    change(camera_file(project), R=away["R"], T=(-np.array(away["R"]) @ position).tolist())
    assert "not a single label" in verdicts(project, "broken")["cam1"].words


def test_pictures_of_another_size_are_broken(project):
    change(camera_file(project), size=[96, 128])
    assert "64 x 48 pixels, calibrated at 128 x 96" in verdicts(project, "broken")["pictures"].words


def test_a_torn_picture_is_broken_and_named(project):
    picture = project / "1-annotation/val/cam2/cam2_1.png"
    picture.write_bytes(picture.read_bytes()[:-20])
    found = verdicts(project, "broken")["pictures"]
    assert "cam2_1.png" in found.words
    assert found.frames == [1]


def test_a_missing_picture_is_named_and_its_moment_unused(project):
    (project / "1-annotation/train/cam2/cam2_1.png").unlink()
    found = verdicts(project, "look")["frames train"]
    assert "cam2 lacks 1" in found.words
    assert found.frames == [1]


def test_a_camera_without_pictures_is_broken(project):
    shutil.rmtree(project / "1-annotation/train/cam2")
    assert "cam2 lacks 6" in verdicts(project, "broken")["frames train"].words


def test_labels_without_pictures_are_broken(project):
    labels = project / "1-annotation/labels/train"
    (labels / "copycar_99.json").write_text((labels / "copycar_0.json").read_text())
    assert verdicts(project, "broken")["labels train"].frames == [99]


def test_pictures_without_labels_deserve_a_look(project):
    (project / "1-annotation/labels/train/copycar_4.json").unlink()
    assert verdicts(project, "look")["labels train"].frames == [4]


def test_labels_far_from_what_cameras_see_are_broken(project):
    path = project / "1-annotation/labels/train/copycar_2.json"
    rows = json.loads(path.read_text())
    rows[1][3], rows[2][3] = 5000, 6000
    path.write_text(json.dumps(rows))
    found = verdicts(project, "broken")
    assert found["labels on the area"].frames == found["labels in sight"].frames == [2]


def test_one_id_twice_deserves_a_look(project):
    path = project / "1-annotation/labels/train/copycar_2.json"
    rows = json.loads(path.read_text())
    rows[2][1] = rows[1][1]
    path.write_text(json.dumps(rows))
    assert verdicts(project, "look")["ids"].frames == [2]


def test_validating_on_training_frames_is_broken(project):
    for number in range(1, 5):
        name = f"cam{number}/cam{number}_0.png"
        shutil.copy(project / "1-annotation/train" / name, project / "1-annotation/val" / name)
    assert verdicts(project, "broken")["twins"].frames == [0]


def test_nothing_to_learn_from_is_broken(project):
    shutil.rmtree(project / "1-annotation/labels/train")
    shutil.rmtree(project / "1-annotation/labels/val")
    assert "labels train" in verdicts(project, "broken")


def test_the_plan_shows_every_camera_and_label(project):
    scene = open_scene(project)
    picture = coverage_picture(scene, 400)
    assert max(picture.shape) in {400, 401}
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 20
