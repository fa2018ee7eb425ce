"""A simulated project is what a real one should be, and its labels are true to the pixel."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.environments.track.line import Line
from copycar.environments.track.people import advance, spread
from copycar.ground.check import check_scene
from copycar.ground.course import COURSE, Course, read_course
from copycar.ground.frames import FrameReader
from copycar.ground.layouts.label_json import read_rows
from copycar.ground.layouts.project import ANNOTATION
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


@pytest.mark.slow
def test_people_are_labelled_as_people_and_drawn_where_labels_say(project, tmp_path):
    simulate(tmp_path / "crowd", Staging(**{**vars_of(SMALL), "n_people": 3, "n_train": 2}))
    scene, without = open_scene(tmp_path / "crowd"), open_scene(project)
    reader = FrameReader(scene.cameras, (90, 160))
    is_drawn = []
    for moment, same in zip(scene.moments["val"], without.moments["val"], strict=True):
        header, *rows = read_rows(tmp_path / "crowd" / ANNOTATION / "labels" / "val" / f"copycar_{moment.number}.json")
        assert [row[header.index("class")] for row in rows] == ["car"] * 2 + ["person"] * 3
        people = moment.truth.points_m[2:]
        changed = np.abs(reader.read(moment).astype(int) - reader.read(same)).max(axis=-1)
        for view, camera in enumerate(scene.cameras):
            chests = camera.project(np.column_stack([people, np.full(3, 1.1)]))[camera.sees(people)]
            places = chests[((chests >= 0) & (chests < (160, 90))).all(axis=1)].astype(int)
            is_drawn += [changed[view, row, column] > 15 for column, row in places]
    assert len(is_drawn) >= 4
    assert np.mean(is_drawn) > 0.7  # the rest stands behind trees


def test_nobody_steps_on_the_road_before_a_car_and_everybody_crosses_in_the_end():
    line, rng = Line.through(np.array([(0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (0.0, 6.0)]), 0.1), np.random.default_rng(0)
    walkers = spread(4, line, 1.2, rng)
    before = [walker.side for walker in walkers]
    everywhere = np.arange(0.0, line.length_m, 1.0).tolist()
    for _ in range(400):
        advance(walkers, everywhere, line, 1.2, 0.05, rng)
    assert [walker.offset_m for walker in walkers] == [side * 0.8 for side in before]
    crossed = set()
    for _ in range(1200):
        advance(walkers, [], line, 1.2, 0.05, rng)
        crossed |= {number for number, walker in enumerate(walkers) if abs(walker.offset_m) < 0.6}
    assert crossed == {0, 1, 2, 3}
