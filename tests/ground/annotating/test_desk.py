from pathlib import Path

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.annotating.annotations import Annotations
from copycar.ground.annotating.desk import PLAN, Desk
from copycar.ground.annotating.edits import Place
from ground.scenes import make_project


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = make_project(tmp_path / "project", n_train=3)
    for path in folder.glob("1-annotation/labels/train/*.json"):
        path.unlink()
    return Desk(Annotations(folder))


def pixel_of(desk: Desk, view: int, point: tuple[float, float]) -> tuple[float, float]:
    found = (
        desk.plan.pixels(np.array([point])) if view == PLAN else desk.annotations.scene.cameras[view].project([point])
    )
    return tuple(found[0].tolist())


def ids(desk: Desk) -> list[int]:
    return [one.who for one in desk.things()]


@pytest.mark.parametrize("view", [PLAN, 0, 3])
def test_a_click_in_any_view_marks_the_same_spot_in_all_of_them(desk, view):
    desk.press(view, pixel_of(desk, view, (0.5, -0.3)))
    assert desk.things()[0].point == pytest.approx((0.5, -0.3), abs=1e-4)
    for other in (PLAN, 0, 1, 2, 3):
        mark = desk.marks(other, desk.things())[0]
        assert mark.foot_px == pytest.approx(pixel_of(desk, other, (0.5, -0.3)), abs=0.02)


def test_clicks_on_the_floor_place_one_new_thing_after_the_other(desk):
    for x in (-0.5, 0.0, 0.5):
        desk.press(PLAN, pixel_of(desk, PLAN, (x, 0.0)))
        desk.release()
    assert ids(desk) == [1, 2, 3]


def test_what_is_selected_is_placed_in_the_next_frame_under_its_id(desk):
    desk.press(0, pixel_of(desk, 0, (0.0, 0.0)))
    desk.step(1)
    assert [one.who for one in desk.ghosts()] == [1], "the frame before is hinted at"
    desk.press(0, pixel_of(desk, 0, (0.2, 0.0)))
    assert ids(desk) == [1]
    assert desk.ghosts() == []


def test_dragging_moves_a_thing_when_it_is_let_go_and_is_one_edit(desk):
    desk.press(PLAN, pixel_of(desk, PLAN, (0.0, 0.0)))
    desk.press(PLAN, pixel_of(desk, PLAN, (0.0, 0.0)))
    for x in (0.1, 0.2, 0.3):
        desk.drag(PLAN, pixel_of(desk, PLAN, (x, 0.0)))
        assert desk.things()[0].point[0] == pytest.approx(x), "it is shown while it moves"
    assert desk.annotations.things(desk.place)[0].point == pytest.approx((0.0, 0.0))
    desk.release()
    assert desk.annotations.things(desk.place)[0].point == pytest.approx((0.3, 0.0))
    assert desk.undo() == "undone: move 1"
    assert desk.things()[0].point == pytest.approx((0.0, 0.0))


def test_shift_click_moves_what_is_selected(desk):
    desk.press(PLAN, pixel_of(desk, PLAN, (0.0, 0.0)))
    desk.press(PLAN, pixel_of(desk, PLAN, (0.8, 0.2)), is_move=True)
    assert ids(desk) == [1]
    assert desk.things()[0].point == pytest.approx((0.8, 0.2), abs=1e-4)


def test_the_sky_is_no_ground(desk):
    with pytest.raises(CopycarError, match="no ground where you clicked"):
        desk.press(0, (32.0, -500.0))
    assert desk.things() == []


def test_undo_goes_where_it_was(desk):
    desk.press(PLAN, pixel_of(desk, PLAN, (0.0, 0.0)))
    desk.step(2)
    desk.undo()
    assert desk.place == Place("train", 0)
    assert desk.things() == []
    assert desk.undo() == "nothing to undo"


def test_it_begins_at_the_first_frame_without_labels(desk):
    desk.press(PLAN, pixel_of(desk, PLAN, (0.0, 0.0)))
    again = Desk(Annotations(desk.annotations.scene.folder))
    assert again.place == Place("train", 1)
    again.next_unlabelled()
    assert again.place == Place("train", 2)
    with pytest.raises(CopycarError, match="every later train frame is labelled"):
        again.next_unlabelled()
    again.other_split()
    assert again.place.split == "val"


def test_tab_goes_round_all_things_and_those_of_the_frame_before(desk):
    for x in (-0.5, 0.5):
        desk.press(PLAN, pixel_of(desk, PLAN, (x, 0.0)))
    desk.step(1)
    desk.select_none()
    seen = []
    for _ in range(3):
        desk.select_next()
        seen.append(desk.who)
    assert seen == [1, 2, 1]


def test_arrows_move_by_a_centimetre_and_need_a_selection(desk):
    with pytest.raises(CopycarError, match="nothing is selected"):
        desk.nudge(1, 0)
    desk.press(PLAN, pixel_of(desk, PLAN, (0.0, 0.0)))
    desk.nudge(1, 0)
    desk.nudge(0, -1, 0.1)
    assert desk.things()[0].point == pytest.approx((0.01, -0.1))
