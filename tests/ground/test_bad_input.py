"""Everything that people bring along and that is wrong: it is said which file it is and what to do."""

import json
import shutil

import h5py
import numpy as np
import pytest

from copycar.cli.main import run
from copycar.core.errors import CopycarError
from copycar.ground.check import check_scene
from copycar.ground.evaluation_file import mean_maps, read_evaluation
from copycar.ground.fingerprint import fingerprint
from copycar.ground.layouts.write_project import ProjectWriter
from copycar.ground.open_scene import open_scene
from copycar.ground.scene import SMALL_CAR, Truth
from ground.scenes import blob_pictures, four_cameras, make_project


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "project", n_train=4, n_val=2)


def verdict(project, name):
    return next(found for found in check_scene(open_scene(project)) if found.name == name)


def change(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_a_camera_without_calibration(project):
    (project / "0-calibration/calibs/cam3.json").unlink()
    found = verdict(project, "left out")
    assert found.status == "look"
    assert "1-annotation/train/cam3 has pictures, but 0-calibration/calibs/cam3.json is missing" in found.words
    assert "copycar ground calibrate" in found.fix


def test_an_unknown_camera_name(project):
    calibrations = project / "0-calibration/calibs"
    (calibrations / "cam2.json").rename(calibrations / "left.json")
    words = verdict(project, "left out").words
    assert "0-calibration/calibs/left.json is no camera's name" in words
    assert "1-annotation/val/cam2 has pictures" in words


def test_a_camera_without_frames(project):
    shutil.rmtree(project / "1-annotation/train/cam2")
    found = verdict(project, "frames train")
    assert (found.status, "cam2 lacks 4" in found.words) == ("broken", True)


def test_a_camera_with_another_number_of_frames(project):
    for number in (2, 3):
        (project / f"1-annotation/train/cam4/cam4_{number}.png").unlink()
    found = verdict(project, "frames train")
    assert "cam4 lacks 2" in found.words
    assert found.frames == [2, 3]


@pytest.mark.parametrize("flip", [(-1, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_a_mirrored_or_left_handed_calibration(project, flip):
    path = project / "0-calibration/calibs/cam1.json"
    change(path, R=(np.diag(flip) @ np.array(json.loads(path.read_text())["R"])).tolist())
    found = verdict(project, "cam1")
    assert found.status == "broken"
    assert "mirror image" in found.words
    assert found.fix


def test_pictures_of_another_size_than_calibrated(project):
    change(project / "0-calibration/calibs/cam2.json", size=[480, 640])
    found = verdict(project, "pictures")
    assert found.status == "broken"
    assert "cam2_0.png: 64 x 48 pixels, calibrated at 640 x 480" in found.words


@pytest.mark.parametrize("rows", [[], {}, [["365_1737", 1, True, 365.9, 1737.0, 0]], ["personID"]])
def test_labels_before_any_object_or_header(project, rows, capsys):
    path = project / "1-annotation/labels/train/copycar_1.json"
    path.write_text(json.dumps(rows))
    assert run(["ground", "check", str(project)]) == 2
    told = capsys.readouterr().err
    assert "copycar_1.json" in told
    assert "fix:" in told


def test_a_header_alone_says_that_nothing_is_there(project):
    path = project / "1-annotation/labels/train/copycar_1.json"
    path.write_text(json.dumps(json.loads(path.read_text())[:1]))
    scene = open_scene(project)
    assert len(scene.moments["train"][1].truth) == 0
    assert verdict(project, "labels train").status == "ok"


def test_cameras_that_are_many_frames_apart(tmp_path):
    cameras = four_cameras((90, 120))
    rng = np.random.default_rng(1)
    knots = rng.uniform(-1, 1, (30, 2)) * (1.4, 0.9)
    way = np.column_stack([np.interp(np.arange(120) / 8, np.arange(30), knots[:, axis]) for axis in (0, 1)])
    writer = ProjectWriter(tmp_path / "apart", cameras, SMALL_CAR, 20.0, (-2.0, -1.5, 2.0, 1.5))
    late = [0, 0, 9, 0]
    for number in range(100):
        pictures = [blob_pictures([c], way[None, number + 9 - by])[0] for c, by in zip(cameras, late, strict=True)]
        writer.add("val", number, pictures, Truth(way[None, number + 9], np.array([1])))
    found = verdict(tmp_path / "apart", "synchrony")
    assert found.status == "broken"
    assert found.words == "cam3 is 9 frames late"
    assert "first_frame.json" in found.fix


@pytest.mark.parametrize("region", [[[10, 30], [50, 30], [30, 30]], [[10, 30], [11, 30], [11, 31]]])
def test_a_degenerate_area(project, region):
    for number in range(1, 5):
        path = project / f"0-calibration/calibs/cam{number}.json"
        change(path, ROI=region if number == 1 else None)
    broken = [found for found in check_scene(open_scene(project)) if found.status == "broken"]
    assert any("ROI" in found.words + found.fix for found in broken)


def test_an_inverted_area(project, capsys):
    (project / "project_config.yaml").write_text("--ground: {--area_m: [2, 0, 1, 3]}\n")
    assert run(["ground", "check", str(project)]) == 2
    told = capsys.readouterr().err
    assert "project_config.yaml" in told
    assert "x0 < x1" in told


@pytest.mark.parametrize("content", [b"", b"\x89HDF\r\n\x1a\n torn", b"no hdf5 at all"])
def test_a_corrupt_hdf5(project, content, capsys):
    path = project / "2-training/model_evaluation.hdf5"
    path.write_bytes(content)
    assert run(["ground", "visualize", str(project)]) == 2
    told = capsys.readouterr().err
    assert "model_evaluation.hdf5 cannot be read" in told
    assert "copycar ground validate" in told


def test_an_hdf5_of_something_else(tmp_path):
    path = tmp_path / "other.hdf5"
    with h5py.File(path, "w") as file:
        file["weather"] = [1, 2, 3]
    for read in (read_evaluation, mean_maps):
        with pytest.raises(CopycarError, match=r"other\.hdf5 cannot be read"):
            read(path)


def test_more_labels_than_frames(project):
    labels = project / "1-annotation/labels/train"
    for number in (20, 21):
        shutil.copy(labels / "copycar_0.json", labels / f"copycar_{number}.json")
    found = verdict(project, "labels train")
    assert (found.status, found.frames) == ("broken", [20, 21])
    assert "cam1_7.png and annotator_7.json" in found.fix


@pytest.mark.parametrize("what", ["picture", "label", "calibration"])
def test_a_training_knows_its_data_by_content(project, what):
    before = fingerprint(open_scene(project))
    assert fingerprint(open_scene(project)) == before
    if what == "picture":
        shutil.copy(project / "1-annotation/train/cam1/cam1_0.png", project / "1-annotation/train/cam1/cam1_1.png")
    elif what == "label":
        path = project / "1-annotation/labels/train/copycar_1.json"
        rows = json.loads(path.read_text())
        rows[1][3] += 1
        path.write_text(json.dumps(rows))
    else:
        path = project / "0-calibration/calibs/cam1.json"
        change(path, T=[value + 1 for value in json.loads(path.read_text())["T"]])
    assert fingerprint(open_scene(project)) != before
