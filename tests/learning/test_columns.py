from pathlib import Path

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.learning.columns import Category, Numbers, Reads, complete
from copycar.tubs.record import Record


def record(index=0, **values):
    values = {key.replace("__", "/"): value for key, value in values.items()}
    return Record(index, "", None, None, Path("image.jpg"), Action(0.0, 0.0), values)


def test_numbers_and_rows_of_numbers_stand_side_by_side_in_the_order_of_the_keys():
    column = Numbers(("imu/b", "imu/a"))
    records = [record(imu__a=1, imu__b=[2.0, 3.0]), record(imu__a=4.5, imu__b=[5.0, 6.0])]
    np.testing.assert_array_equal(column.read(records), np.array([[2, 3, 1], [5, 6, 4.5]], np.float32))


def test_rows_of_different_length_are_refused():
    with pytest.raises(CopycarError, match="differ in length"):
        Numbers(("a",)).read([record(a=[1, 2]), record(a=[1])])


@pytest.mark.parametrize("value", [None, "fast", float("nan"), [], [1.0, None], float("inf")])
def test_what_is_no_number_counts_as_missing(value):
    assert Numbers(("a",)).of(record(a=value)) is None


def test_a_constant_reading_does_not_divide_by_nothing():
    described = Numbers(("a", "b")).described(np.array([[1, 2], [1, 4]], np.float32))
    assert described.mean == (1.0, 3.0)
    assert described.std == (1.0, 1.0)


def test_names_found_are_sorted_and_numbers_keep_their_place():
    records = [record(state=2), record(state="right"), record(state="left")]
    found = Category(("state",)).named(records)
    assert found.names == ("0", "1", "2", "left", "right")
    assert found.read(records).tolist() == [2, 4, 3]


def test_states_can_be_renamed_and_added():
    column = Category(("behavior/label", "behavior/state"), ("Inner", "Outer", "Overtake"))
    renamed = record(behavior__label="Left_Lane", behavior__state=0)
    assert column.of(renamed) == 0  # the old name is none of the new ones: the number counts
    assert column.of(record(behavior__label="Overtake", behavior__state=0)) == "Overtake"
    assert column.of(record(behavior__state=7)) is None


def test_frames_without_a_column_are_left_out_and_the_first_is_named():
    kept, notes = complete([record(0, a=1), record(1), record(2)], {"imu": Numbers(("a",))})
    assert [each.index for each in kept] == [0]
    assert notes == ["left out 2 frames without a, the first is 1"]


def test_a_recording_without_the_column_is_refused_with_what_it_has():
    with pytest.raises(CopycarError) as refused:
        complete([record(0, user__mode="user")], {"imu": Numbers(("imu/acl_x",))})
    assert "reads 'imu' from imu/acl_x" in str(refused.value)
    assert "user/mode" in str(refused.value)


def test_a_sample_needs_as_many_frames_as_the_longer_of_both_histories():
    assert Reads(n_frames=3).n_before == 2
    assert Reads(n_frames=3, n_actions=5).n_before == 5
    assert Reads().n_before == 0
