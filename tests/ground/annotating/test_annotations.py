import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.ground.annotating.annotations import Annotations
from copycar.ground.annotating.edits import Labelled, Place
from copycar.ground.layouts.label_json import read_labels
from copycar.ground.open_scene import open_scene
from ground.scenes import make_project

FIRST, THIRD, FIFTH = (Place("train", frame) for frame in (0, 2, 4))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Five training and two validation frames that nobody labelled."""
    folder = make_project(tmp_path / "project", n_train=5)
    for path in folder.glob("1-annotation/labels/*/*.json"):
        path.unlink()
    return folder


def labels(project: Path, place: Place, annotator: str = "copycar") -> Path:
    return project / f"1-annotation/labels/{place.split}/{annotator}_{place.frame}.json"


def test_every_edit_is_on_the_disk_at_once_as_the_seeds_labels(project):
    annotations = Annotations(project)
    annotations.put(FIRST, 7, (0.5, -0.25))
    rows = json.loads(labels(project, FIRST).read_text())
    assert rows[0][:6] == ["rectID", "personID", "modified", "Xw", "Yw", "Zw"]
    assert rows[0][6:10] == ["a1", "b1", "c1", "d1"]
    assert rows[1][:6] == ["50_-25", 7, True, 50.0, -25.0, 0]
    assert open_scene(project).moments["train"][0].truth.points_m.tolist() == [[0.5, -0.25]]


def test_boxes_beside_a_place_are_those_of_the_views(project):
    Annotations(project).put(FIRST, 1, (0.2, 0.1))
    row = json.loads(labels(project, FIRST).read_text())[1]
    for view, calibration in enumerate(open_scene(project).cameras):
        (u, v), (left, top, right, bottom) = calibration.project([[0.2, 0.1]])[0], row[6 + 4 * view : 10 + 4 * view]
        assert left <= u <= right
        assert top <= v <= bottom


def test_undo_takes_back_step_by_step_and_redo_does_it_again(project):
    annotations = Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    annotations.put(FIRST, 1, (0.3, 0.0))
    annotations.remove(FIRST, 1)
    assert annotations.undo().words == "remove 1"
    assert annotations.things(FIRST) == [Labelled(1, (0.3, 0.0))]
    annotations.undo()
    assert annotations.things(FIRST) == [Labelled(1, (0.0, 0.0))]
    annotations.undo()
    assert not labels(project, FIRST).exists(), "an empty file would say that nothing is there"
    assert annotations.undo() is None
    assert annotations.redo().words == "place 1"
    annotations.redo()
    assert annotations.things(FIRST) == [Labelled(1, (0.3, 0.0))]


def test_a_new_edit_forgets_what_could_be_done_again(project):
    annotations = Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    annotations.undo()
    annotations.put(FIRST, 2, (0.0, 0.0))
    assert annotations.redo() is None


def test_interpolation_goes_straight_at_even_speed_and_is_one_undo(project):
    annotations = Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    annotations.put(FIFTH, 1, (0.4, -0.8))
    annotations.put(THIRD, 1, (0.4, 0.0))
    assert annotations.interpolate("train", 1) == 2
    filled = annotations.known("train", 1)
    assert list(filled) == [0, 1, 2, 3, 4]
    assert np.allclose(list(filled.values()), [(0.0, 0.0), (0.2, 0.0), (0.4, 0.0), (0.4, -0.4), (0.4, -0.8)])
    annotations.undo()
    assert sorted(annotations.known("train", 1)) == [0, 2, 4]


def test_nothing_to_interpolate_is_said(project):
    annotations = Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    with pytest.raises(CopycarError, match="nothing to fill in"):
        annotations.interpolate("train", 1)


def test_ids_go_on_from_frame_to_frame(project):
    annotations = Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    annotations.put(FIRST, 2, (0.5, 0.0))
    annotations.put(THIRD, 2, (0.6, 0.0))
    assert annotations.take_over(THIRD) == 1
    assert annotations.things(THIRD) == [Labelled(2, (0.6, 0.0)), Labelled(1, (0.0, 0.0))]
    assert annotations.free_id("train") == 3
    assert annotations.rename("train", 2, 9, annotations.frames("train")) == 2
    assert sorted(annotations.known("train", 9)) == [0, 2]
    with pytest.raises(CopycarError, match="labelled already in train frame 0"):
        annotations.rename("train", 9, 1, [0])
    annotations.undo()
    assert sorted(annotations.known("train", 2)) == [0, 2]


def test_a_frame_can_be_labelled_with_nothing(project):
    annotations = Annotations(project)
    assert annotations.toggle_empty(FIRST)
    assert len(open_scene(project).moments["train"][0].truth) == 0
    assert not annotations.toggle_empty(FIRST)
    assert open_scene(project).moments["train"][0].truth is None
    annotations.put(FIRST, 1, (0.0, 0.0))
    with pytest.raises(CopycarError, match="not empty"):
        annotations.toggle_empty(FIRST)


def test_what_another_program_wrote_stays(project):
    annotations = Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    before = annotations.signature(FIRST)
    path = labels(project, FIRST)
    rows = json.loads(path.read_text())
    rows[0].append("note")
    path.write_text(json.dumps([rows[0], [*rows[1], "red"], ["0_0", 5, False, 10, 20, 0]]))
    assert annotations.signature(FIRST) != before
    annotations.put(FIRST, 1, (0.3, 0.0))
    rows = json.loads(path.read_text())
    assert rows[1][-1] == "red", "the column of another program"
    assert rows[2][:4] == ["0_0", 5, False, 10]
    assert annotations.things(FIRST) == [Labelled(1, (0.3, 0.0)), Labelled(5, (0.1, 0.2))]


def test_undo_of_what_another_program_changed_is_refused_and_changes_nothing(project):
    annotations, other = Annotations(project), Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    other.put(FIRST, 1, (0.5, 0.5))
    with pytest.raises(CopycarError, match="no longer as it was shown"):
        annotations.undo()
    assert annotations.things(FIRST) == [Labelled(1, (0.5, 0.5))]


def test_an_edit_of_many_frames_is_all_or_nothing(project):
    annotations, other = Annotations(project), Annotations(project)
    annotations.put(FIRST, 1, (0.0, 0.0))
    annotations.put(FIFTH, 1, (0.4, 0.0))
    annotations.interpolate("train", 1)
    other.put(THIRD, 1, (9.0, 9.0))
    with pytest.raises(CopycarError, match="train frame 2"):
        annotations.undo()
    assert sorted(annotations.known("train", 1)) == [0, 1, 2, 3, 4]


def test_labelling_goes_on_under_the_name_of_who_began(project):
    Annotations(project).put(FIRST, 1, (0.0, 0.0))
    labels(project, FIRST).rename(labels(project, FIRST, "anna"))
    Annotations(project).put(THIRD, 1, (0.1, 0.0))
    assert labels(project, THIRD, "anna").is_file(), "of two annotators only the busier one is read"


def test_labels_of_a_damaged_file_are_refused_by_its_name(project):
    annotations = Annotations(project)
    labels(project, FIRST).parent.mkdir(parents=True, exist_ok=True)
    labels(project, FIRST).write_text('[["personID", "Xw", "Yw"], [1, "left"]]')
    with pytest.raises(CopycarError, match=r"copycar_0\.json: row 1 is damaged"):
        annotations.things(FIRST)


def test_metres_are_kept_as_exactly_as_centimetres(project):
    for path in project.glob("0-calibration/calibs/*.json"):
        values = json.loads(path.read_text())
        path.write_text(json.dumps(values | {"unit": "m", "T": [value / 100 for value in values["T"]]}))
    Annotations(project).put(FIRST, 1, (0.12345, -0.00001))
    assert read_labels(labels(project, FIRST), 1.0).points_m.tolist() == [[0.12345, -0.00001]]


def test_a_project_without_frames_says_how_to_get_some(project):
    for path in project.glob("1-annotation/*/cam*/*.png"):
        path.unlink()
    with pytest.raises(CopycarError, match="ground extract"):
        Annotations(project)


def test_without_region_and_labels_the_area_is_what_cameras_see(project):
    for path in project.glob("0-calibration/calibs/*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"ROI": None}))
    x0, y0, x1, y1 = Annotations(project).scene.area
    assert x0 < -1.5 < 1.5 < x1 < 20
    assert y0 < -1.0 < 1.0 < y1 < 20


points = st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(lambda point: (round(point[0], 4), round(point[1], 4)))
edits = st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.integers(1, 3), points | st.none()), max_size=8)


@given(edits)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undoing_everything_brings_everything_back(project, steps):
    annotations = Annotations(project)
    before = everything(annotations)
    done = 0
    for frame, who, point in steps:
        place = Place("train", frame)
        if point is not None:
            annotations.put(place, who, point)
        elif who in [one.who for one in annotations.things(place)]:
            annotations.remove(place, who)
        else:
            continue
        done += 1
    after = everything(annotations)
    for _ in range(done):
        annotations.undo()
    assert everything(annotations) == before
    for _ in range(done):
        annotations.redo()
    assert everything(annotations) == after
    assert everything(Annotations(project)) == after
    for _ in range(done):
        annotations.undo()


def everything(annotations: Annotations) -> dict[Place, list]:
    places = [Place("train", frame) for frame in annotations.frames("train")]
    return {
        place: sorted((one.who, *np.round(one.point, 5).tolist()) for one in annotations.things(place))
        for place in places
    }
