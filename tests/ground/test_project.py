"""MARMOT's folder: what we write we read, and what is damaged is named."""

import json
import math

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.frames import FrameReader, size_within
from copycar.ground.layouts.calibration_json import read_calibration, write_calibration
from copycar.ground.layouts.label_json import read_labels
from copycar.ground.open_scene import open_scene
from copycar.ground.scene import SMALL_CAR, natural
from ground.scenes import corner_camera, four_cameras, make_project


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "project")


def test_a_written_project_reads_back(project):
    scene = open_scene(project)
    assert [camera.name for camera in scene.cameras] == ["cam1", "cam2", "cam3", "cam4"]
    assert {split: len(moments) for split, moments in scene.moments.items()} == {"train": 3, "val": 2}
    assert (scene.thing, scene.rate_hz) == (SMALL_CAR, 20.0)
    for written, read in zip(four_cameras(), scene.cameras, strict=True):
        np.testing.assert_allclose(read.camera.position_m, written.camera.position_m, atol=1e-9)
        np.testing.assert_allclose(read.camera.ground_to_pixel, written.camera.ground_to_pixel, atol=1e-9)
    x0, y0, x1, y1 = scene.area
    assert x0 >= -1.51
    assert x1 <= 1.51
    assert y1 - y0 > 1.5


def test_labels_fall_on_the_things_in_every_picture(project):
    scene = open_scene(project)
    reader = FrameReader(scene.cameras, (48, 64))
    for moment in scene.labelled("train"):
        pictures = reader.read(moment)
        for camera, picture in zip(scene.cameras, pictures, strict=True):
            points = moment.truth.points_m[camera.sees(moment.truth.points_m)]
            for column, row in camera.project(points).round().astype(int):
                assert picture[row, column].tolist() == [220, 30, 30]


def test_the_files_are_those_of_the_seed_pipeline(project):
    values = json.loads((project / "0-calibration/calibs/cam1.json").read_text())
    assert values.keys() >= {"K", "R", "T", "dist", "view_id", "ROI", "size"}
    assert values["size"] == [48, 64]
    assert math.hypot(*values["T"]) == pytest.approx(100 * math.hypot(3, 2, 2.4))  # centimetres
    rows = json.loads((project / "1-annotation/labels/train/copycar_0.json").read_text())
    assert rows[0][:10] == ["rectID", "personID", "modified", "Xw", "Yw", "Zw", "a1", "b1", "c1", "d1"]
    assert len(rows[0]) == len(rows[1]) == 6 + 4 * 4
    assert (project / "1-annotation/train/cam3/cam3_2.png").is_file()
    for part in ("weights", "logs", "visualization"):
        assert (project / "2-training" / part).is_dir()


def test_a_label_row_of_the_seed_pipeline_is_read_by_its_header(tmp_path):
    header = ["rectID", "personID", "modified", "Xw", "Yw", "Zw", "a1", "b1", "c1", "d1"]
    row = ["365_1737", 1, True, 365.9, 1737.0, 0, 1378, 138, 1413, 269]
    (tmp_path / "anna_0.json").write_text(json.dumps([header, row]))
    truth = read_labels(tmp_path / "anna_0.json", 0.01)
    assert truth.ids.tolist() == [1]
    np.testing.assert_allclose(truth.points_m, [(3.659, 17.37)])


def test_cameras_go_by_number_and_not_by_letter():
    assert sorted(["cam10", "cam2", "cam1"], key=natural) == ["cam1", "cam2", "cam10"]


def test_ten_cameras_are_read_in_natural_order(tmp_path):
    folder = tmp_path / "0-calibration/calibs"
    folder.mkdir(parents=True)
    for number in range(1, 12):
        write_calibration(folder / f"cam{number}.json", corner_camera(f"cam{number}", number, 1), number)
    (folder / "cam3_new.json").write_text((folder / "cam7.json").read_text())
    cameras = open_scene(tmp_path).cameras
    assert [camera.name for camera in cameras] == [f"cam{number}" for number in range(1, 12)]
    assert cameras[2].camera.position_m[0] == pytest.approx(7)  # cam3_new.json wins


def test_metres_are_read_as_metres(tmp_path):
    write_calibration(tmp_path / "cam1.json", corner_camera("cam1", 3, 1), 1)
    values = json.loads((tmp_path / "cam1.json").read_text())
    metres = {**values, "unit": "m", "T": [value / 100 for value in values["T"]]}
    (tmp_path / "cam2.json").write_text(json.dumps(metres))
    np.testing.assert_allclose(read_calibration(tmp_path / "cam2.json").camera.position_m, [3, 1, 2.4])


def test_the_last_tenth_is_held_out_where_nobody_labelled_val(tmp_path):
    project = make_project(tmp_path / "project", n_train=20, n_val=0)
    moments = open_scene(project).moments
    assert [moment.number for moment in moments["val"]] == [18, 19]
    assert len(moments["train"]) == 18


def test_the_annotator_with_most_files_counts(project):
    folder = project / "1-annotation/labels/train"
    (folder / "zoe_0.json").write_text(json.dumps([["rectID", "personID", "modified", "Xw", "Yw", "Zw"]]))
    assert len(open_scene(project).moments["train"][0].truth) == 2


def test_the_data_folder_may_be_named_or_what_is_above_it(tmp_path):
    make_project(tmp_path / "above" / "data")
    assert open_scene(tmp_path / "above").folder == open_scene(tmp_path / "above/data").folder


DAMAGE = {
    "0-calibration/calibs/cam2.json": ["{", "[]", '{"K": 1}', '{"size": [48, 64], "T": [0, 0, 0]}'],
    "1-annotation/labels/train/copycar_1.json": ["", "{}", '[["a"]]', '[["personID","Xw","Yw"],[1,2]]'],
    "project_config.yaml": ["a: [", "- 1", "--main: {--save_framerate: fast}", "--main: {--save_framerate: -1}"],
}


@pytest.mark.parametrize(("name", "content"), [(name, content) for name in DAMAGE for content in DAMAGE[name]])
def test_a_damaged_file_is_named(project, name, content):
    (project / name).write_text(content)
    with pytest.raises(CopycarError) as error:
        open_scene(project)
    assert name in str(error.value)
    assert error.value.fix


def test_a_missing_and_a_torn_picture_are_named(project):
    picture = project / "1-annotation/train/cam2/cam2_1.png"
    picture.write_bytes(picture.read_bytes()[:60])
    scene = open_scene(project)
    with pytest.raises(CopycarError, match=r"cam2_1\.png"):
        FrameReader(scene.cameras, (48, 64)).read_all(scene.labelled("train"))
    picture.unlink()
    assert [moment.is_complete for moment in open_scene(project).moments["train"]] == [True, False, True]


def test_pictures_of_another_size_than_calibrated_are_refused(project):
    path = project / "0-calibration/calibs/cam1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "size": [96, 128]}))
    scene = open_scene(project)
    with pytest.raises(CopycarError, match="64 x 48 pixels"):
        FrameReader(scene.cameras, (48, 64)).read(scene.moments["train"][0])


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(CopycarError, match="no calibrated cameras"):
        open_scene(tmp_path)
    with pytest.raises(CopycarError, match="no folder"):
        open_scene(tmp_path / "nowhere")


def test_pictures_are_scaled_to_a_size_that_the_network_can_halve_twice():
    assert size_within([corner_camera("cam1", 1, 1, (1080, 1920))], 322) == (180, 320)
    assert size_within([corner_camera("cam1", 1, 1, (180, 320))], 640) == (180, 320)
