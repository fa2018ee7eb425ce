import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.episodes import find_gaps
from copycar.tubs.select import every, select, shift, where
from copycar.tubs.tub import Tub


@pytest.fixture
def records(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=20, n_episodes=2, image_size=(8, 8)))
    tub.delete([4])
    return tub.records


def test_a_shifted_label_is_the_one_recorded_later_and_never_crosses_a_gap(records):
    by_index = {record.index: record for record in records}
    shifted = shift(records, 2)
    assert [record.index for record in shifted] == [0, 1, 5, 6, 7, *range(10, 18)]
    assert all(record.action == by_index[record.index + 2].action for record in shifted)
    assert all(record.image_path == by_index[record.index].image_path for record in shifted)
    assert [record.index for record in shift(records, -2)] == [2, 3, 7, 8, 9, *range(12, 20)]
    assert shift(records, 0) == records


def test_every_second_frame_begins_anew_after_a_gap(records):
    assert [record.index for record in every(records, 2)] == [0, 2, 5, 7, 9, 10, 12, 14, 16, 18]
    with pytest.raises(CopycarError, match="every 0"):
        every(records, 0)


def test_gaps_of_thinned_records_are_those_of_the_recording(records):
    thinned = every(records, 2)
    assert [thinned[place].index for place in find_gaps(thinned, stride=2)] == [5, 10]


def test_labels_move_before_frames_are_chosen(records):
    chosen = select(records, expression="index < 8", every_n=2, shift_frames=1)
    assert [record.index for record in chosen] == [0, 2, 5, 7]
    assert chosen[1].action == next(record.action for record in records if record.index == 3)


def test_nothing_left_is_an_error(records):
    assert where(records, None) == records
    with pytest.raises(CopycarError, match="none of 19 frames is left"):
        select(records, expression="index > 99")
