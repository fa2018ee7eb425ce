import dataclasses

import numpy as np
import pytest

from copycar.testing.tub import make_tub
from copycar.tubs.split import split_records
from copycar.tubs.tub import Tub
from copycar.tubs.twins import parent_places, stamps
from copycar.tubs.work.flip import flip


@pytest.fixture
def pair(tmp_path):
    tub = Tub.open(make_tub(tmp_path / "tub", n_frames=200, image_size=(16, 16)))
    flip(tub, tmp_path / "twin")
    return tub, Tub.open(tmp_path / "twin")


def sides(split, n):
    side = np.zeros(n, dtype=int)
    side[split.train], side[split.validation] = 1, 2
    return side


@pytest.mark.parametrize("n_episodes", [1, 8])
@pytest.mark.parametrize("seed", range(3))
def test_a_twin_is_on_its_parents_side(tmp_path, n_episodes, seed):
    tub = Tub.open(make_tub(tmp_path / "tub", n_frames=200, n_episodes=n_episodes, image_size=(8, 8)))
    flip(tub, tmp_path / "twin")
    records = [*tub.records, *Tub.open(tmp_path / "twin").records]
    split = split_records(records, seed=seed)
    first, second = np.split(sides(split, 400), 2)
    np.testing.assert_array_equal(first, second)
    assert "200 copied or mirrored frames stay beside their parents" in split.description
    assert len(split.train) + len(split.validation) + split.n_left_out == 400


def test_a_copied_folder_is_a_twin_as_well(pair, tmp_path, writable_copy):
    tub, _ = pair
    records = [*tub.records, *Tub.open(writable_copy(tub.path)).records]
    np.testing.assert_array_equal(parent_places(records)[200:], np.arange(200))


def test_a_twin_whose_parent_was_deleted_stays_near_it(pair):
    tub, twin = pair
    tub.delete(range(50, 60))
    parents = parent_places([*tub.records, *twin.records])[190:]
    assert set(parents[50:60]) == {49}
    np.testing.assert_array_equal(parents[60:], np.arange(50, 190))


def test_two_drives_that_share_a_moment_are_no_twins(pair):
    tub, _ = pair
    other = [
        dataclasses.replace(record, session="other", timestamp_ms=record.timestamp_ms + (7 if place % 3 else 0))
        for place, record in enumerate(tub.records)
    ]
    records = [*tub.records, *other]
    np.testing.assert_array_equal(parent_places(records), np.arange(400))


def test_recordings_without_times_have_no_twins(pair):
    records = [dataclasses.replace(record, timestamp_ms=None) for tub in pair for record in tub.records]
    assert (stamps(records) == -1).all()
    np.testing.assert_array_equal(parent_places(records), np.arange(400))
