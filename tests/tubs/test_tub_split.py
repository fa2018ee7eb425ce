import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.split import split_records
from copycar.tubs.tub import Tub


@pytest.fixture(scope="module")
def records(drive):
    return Tub.open(drive).records


def long_drive(records, n):
    """`n` records 50 ms apart, one drive."""
    start = records[0]
    return [dataclasses.replace(start, index=step, t_ns=step * 50_000_000, timestamp_ms=step * 50) for step in range(n)]


@settings(deadline=None)
@given(n=st.integers(10, 3000), seed=st.integers(0, 99), fraction=st.floats(0.05, 0.5))
def test_neighbours_never_sit_on_both_sides(records, n, seed, fraction):
    split = split_records(long_drive(records, n), seed=seed, fraction=fraction)
    side = np.zeros(n, dtype=int)
    side[split.train], side[split.validation] = 1, 2
    assert not (np.abs(np.diff(side[side > 0])) == 1).any() or split.n_left_out
    gap = max(1, min(20, n // 50))
    for place in np.flatnonzero(side == 2):
        assert not (side[max(0, place - gap) : place + gap + 1] == 1).any()
    assert len(split.train) + len(split.validation) + split.n_left_out == n
    assert len(split.train)
    assert len(split.validation)


def test_share_is_about_what_was_asked_for(records):
    split = split_records(long_drive(records, 5000))
    assert abs(len(split.validation) - 1000) <= 10
    assert split.n_left_out < 0.1 * 5000
    assert split.description == "10 blocks of about 100 frames held back, 20 left out on both sides"


def test_blocks_are_spread_over_the_recording(records):
    validation = split_records(long_drive(records, 5000)).validation
    assert np.histogram(validation, bins=10, range=(0, 5000))[0].min() > 0


def test_same_seed_same_split(records):
    first, second, other = (split_records(records, seed=seed).validation for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_whole_episodes_are_held_back_where_there_are_enough(tmp_path):
    tub = Tub.open(make_tub(tmp_path, n_frames=100, n_episodes=10, image_size=(24, 32)))
    split = split_records(tub.records)
    held_back = {tub.records[place].session for place in split.validation}
    assert len(held_back) == 2
    assert held_back.isdisjoint(tub.records[place].session for place in split.train)
    assert (len(split.validation), split.n_left_out) == (20, 0)
    assert split.description == "2 of 10 episodes held back, 20 frames"


def test_episodes_that_follow_at_once_are_kept_apart(records):
    drive = long_drive(records, 1000)
    episodes = [dataclasses.replace(record, session=f"26-11-21_{record.index // 100}") for record in drive]
    split = split_records(episodes)
    distance = np.abs(split.train[:, None] - split.validation[None, :]).min()
    assert distance > 20


def test_too_little_and_impossible_shares_are_refused(records):
    with pytest.raises(CopycarError, match="at least 10"):
        split_records(records[:9])
    with pytest.raises(CopycarError, match="between 0 and 1"):
        split_records(records, fraction=1.0)


@given(n=st.integers(130, 1500), more=st.integers(0, 1500), seed=st.integers(0, 99), fraction=st.floats(0.05, 0.5))
def test_no_held_out_frame_of_a_growing_recording_is_ever_learned_from(records, n, more, seed, fraction):
    whole = long_drive(records, n + more)
    before = split_records(whole[:n], seed=seed, fraction=fraction, is_growing=True)
    after = split_records(whole, seed=seed, fraction=fraction, is_growing=True)
    assert set(before.validation) <= set(after.validation)
    assert not set(before.train) & set(after.validation)
    assert len(before.validation)
    without = [record for record in whole if record.index % 7]  # some are deleted meanwhile
    kept = {
        without[place].index for place in split_records(without, seed=seed, fraction=fraction, is_growing=True).train
    }
    assert not kept & set(before.validation)


def test_a_growing_recording_holds_out_about_what_was_asked_for(records):
    split = split_records(long_drive(records, 5000), fraction=0.2, is_growing=True)
    assert len(split.validation) == 1000
    assert split.description == "10 blocks of about 100 frames held back, 20 left out on both sides"


def test_a_growing_recording_that_is_too_short_yet_says_so(records):
    with pytest.raises(CopycarError, match="100 frames do not reach for both"):
        split_records(long_drive(records, 100), is_growing=True)
