"""A simulated project is what a real one should be, and its labels are true to the pixel."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.check import check_scene
from copycar.ground.course import COURSE, Course, read_course
from copycar.ground.frames import FrameReader
from copycar.ground.open_scene import open_scene
from copycar.ground.simulate import Staging, simulate

SMALL = Staging(n_cameras=2, n_cars=2, n_train=6, n_val=4, size=(90, 160))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulate") / "project"
    simulate(folder, SMALL)
    return folder


@pytest.mark.slow
def test_nothing_is_broken(project):
    assert [verdict for verdict in check_scene(open_scene(project)) if verdict.status == "broken"] == []


@pytest.mark.slow
def test_cars_are_drawn_where_labels_say(project):
    scene = open_scene(project)
    moments = scene.moments["val"]
    pictures = FrameReader(scene.cameras, (90, 160)).read_all(moments).astype(int)
    empty = np.median(pictures, axis=0)
    n_seen = 0
    for moment, views in zip(moments, pictures, strict=True):
        for camera, picture, background in zip(scene.cameras, views, empty, strict=True):
            for column, row in (
                camera.project(moment.truth.points_m)[camera.sees(moment.truth.points_m)].round().astype(int)
            ):
                near = np.s_[max(row - 4, 0) : row + 3, max(column - 3, 0) : column + 4]
                n_seen += np.abs(picture[near] - background[near]).max() > 40
    assert n_seen >= 3


@pytest.mark.slow
def test_the_validation_drive_goes_on_without_a_jump(project):
    points = np.array([moment.truth.points_m[0] for moment in open_scene(project).moments["val"]])
    assert (np.hypot(*np.diff(points, axis=0).T) < 0.2).all()


@pytest.mark.slow
def test_the_course_lies_beside_the_project(project):
    course = read_course(project / COURSE)
    assert course.width_m == 1.2
    assert course.length_m == pytest.approx(23.24, abs=0.02)
    for moment in open_scene(project).moments["val"]:
        assert (np.abs(course.locate(moment.truth.points_m)[1]) < 0.6).all()


@pytest.mark.slow
def test_another_rig_stands_elsewhere_and_sees_the_same_ground(project, tmp_path):
    simulate(tmp_path / "other", Staging(**{**vars_of(SMALL), "rig": 1, "n_train": 1, "n_val": 1}))
    here, other = open_scene(project), open_scene(tmp_path / "other")
    moved = [
        np.linalg.norm(a.camera.position_m - b.camera.position_m)
        for a, b in zip(here.cameras, other.cameras, strict=True)
    ]
    assert min(moved) > 0.1
    np.testing.assert_allclose(here.area, other.area, atol=0.1)


def vars_of(staging):
    return {name: getattr(staging, name) for name in staging.__dataclass_fields__}


def test_a_folder_in_use_is_not_overwritten(tmp_path):
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(CopycarError, match="exists already"):
        simulate(tmp_path, Staging(n_train=1, n_val=1))


SQUARE = Course(np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]), 1.0)


def test_the_right_of_a_course_is_positive():
    arc, offset = SQUARE.locate(np.array([(1.0, -0.2), (4.2, 1.0), (3.5, 2.0), (-0.1, 3.0)]))
    np.testing.assert_allclose(arc, [1, 5, 6, 13])
    np.testing.assert_allclose(offset, [0.2, 0.2, -0.5, 0.1])
