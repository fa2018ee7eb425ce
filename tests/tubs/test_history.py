import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_frame, make_tub
from copycar.tubs.history import HISTORY, read_history
from copycar.tubs.ranges import pick, ranges_text
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter


def test_an_edit_says_who_when_and_why(tub_folder):
    tub = Tub.open(tub_folder)
    tub.delete([1, 2, 5], why="the sun blinded it")
    (edit,) = tub.history
    assert (edit.verb, edit.why, edit.ranges) == ("delete", "the sun blinded it", ((1, 3), (5, 6)))
    assert edit.who
    assert edit.when.endswith("+00:00")


def test_undo_takes_back_only_what_the_edit_changed(tub_folder):
    tub = Tub.open(tub_folder)
    tub.delete([1, 2])
    tub.delete([2, 3])
    tub.undo()
    assert tub.deleted == {1, 2}
    tub.undo()
    assert tub.deleted == frozenset()
    with pytest.raises(CopycarError, match="nothing to undo"):
        tub.undo()


def test_a_restoration_can_be_undone_too(tub_folder):
    tub = Tub.open(tub_folder)
    tub.delete(range(4))
    tub.restore([1])
    tub.undo()
    assert tub.deleted == {0, 1, 2, 3}


@settings(max_examples=25, deadline=None)
@given(edits=st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 11), min_size=1)), max_size=5))
def test_undoing_everything_brings_every_frame_back(tmp_path_factory, edits):
    tub = Tub.open(make_tub(tmp_path_factory.mktemp("tub"), n_frames=12, image_size=(8, 8)))
    states = [tub.deleted]
    for is_delete, indexes in edits:
        (tub.delete if is_delete else tub.restore)(indexes)
        if tub.deleted != states[-1]:
            states.append(tub.deleted)
    for state in reversed(states[:-1]):
        tub.undo()
        assert tub.deleted == state


def test_a_torn_history_costs_nobody_but_its_last_line(tub_folder):
    tub = Tub.open(tub_folder)
    tub.delete([1])
    with (tub_folder / HISTORY).open("ab") as file:
        file.write(b'{"verb": "dele')
    tub.delete([2])
    assert [edit.indexes for edit in read_history(tub_folder)] == [[1], [2]]
    tub.undo()
    tub.undo()
    assert tub.deleted == frozenset()


def test_a_damaged_history_fills_no_memory(tub_folder):
    entry = {"verb": "delete", "ranges": [[0, 10**15]], "why": "", "who": "", "when": "", "undoes": 0}
    (tub_folder / HISTORY).write_text(json.dumps(entry) + "\nnull\n[]\n")
    assert read_history(tub_folder) == []


def test_erasing_while_driving_can_be_undone(tmp_path):
    with TubWriter(tmp_path) as writer:
        for step in range(5):
            writer.append(make_frame(t_ns=step, image_size=(8, 8)))
        writer.erase_last(2)
    tub = Tub.open(tmp_path)
    assert tub.deleted == {3, 4}
    assert tub.undo().why == "erased while driving"
    assert len(tub) == 5


@given(numbers=st.sets(st.integers(0, 50)))
def test_ranges_are_read_as_they_are_written(numbers):
    assert pick(ranges_text(numbers).split(), range(51)) == numbers


@pytest.mark.parametrize("text", ["", "a", "1-3", "1:2:3", "-1", "5:2", "99"])
def test_a_range_that_names_nothing_is_refused(text):
    with pytest.raises(CopycarError):
        pick([text], range(10))


def test_redo_does_again_what_was_undone_newest_first(tub_folder):
    tub = Tub.open(tub_folder)
    tub.delete([1, 2], "crash")
    tub.delete([5], "parked")
    tub.undo()
    tub.undo()
    assert tub.redo().why == "crash"
    assert tub.deleted == {1, 2}
    assert tub.redo().why == "parked"
    assert tub.deleted == {1, 2, 5}
    tub.undo()
    assert tub.deleted == {1, 2}
    assert tub.redo().why == "parked"
    with pytest.raises(CopycarError, match="nothing to redo"):
        tub.redo()


def test_after_another_edit_there_is_nothing_to_redo(tub_folder):
    tub = Tub.open(tub_folder)
    tub.delete([1])
    tub.undo()
    tub.delete([2])
    with pytest.raises(CopycarError, match="nothing to redo"):
        tub.redo()
    tub.undo()
    assert tub.deleted == set()


@settings(deadline=None, max_examples=20)
@given(st.lists(st.sampled_from(["delete", "undo", "redo"]), max_size=12))
def test_undo_and_redo_walk_along_the_same_states(tmp_path_factory, steps):
    tub = Tub.open(make_tub(tmp_path_factory.mktemp("walk") / "tub", n_frames=14, image_size=(4, 4)))
    states, at = [frozenset()], 0
    for number, step in enumerate(steps):
        if step == "delete":
            tub.delete([number])
            states, at = [*states[: at + 1], tub.deleted], at + 1
        elif step == "undo" and at > 0:
            tub.undo()
            at -= 1
        elif step == "redo" and at < len(states) - 1:
            tub.redo()
            at += 1
        assert tub.deleted == states[at]
