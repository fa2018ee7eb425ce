import numpy as np
import pytest

from copycar.core.frame import Episode
from copycar.evaluation.offline.breakdown import N_BINS, directions, per_bin, worst


def test_an_error_counts_in_the_bin_of_what_the_driver_did():
    truth, predicted = np.array([-1.0, 0.0, 0.05, 1.0]), np.array([-0.5, 0.1, 0.05, 0.6])
    found = per_bin(predicted, truth, guess=0.25)
    assert len(found) == N_BINS
    left, straight, right = found[0], found[N_BINS // 2], found[-1]
    assert (left["n"], left["mae"], left["bias"]) == (1, pytest.approx(0.5), pytest.approx(0.5))  # not far enough left
    assert (straight["n"], straight["mae"]) == (2, pytest.approx(0.05))
    assert (right["n"], right["bias"], right["baseline_mean_mae"]) == (1, pytest.approx(-0.4), pytest.approx(0.75))


def test_the_edges_are_symmetric_and_full_lock_lies_in_the_last_bin():
    found = per_bin(np.zeros(2), np.array([-1.0, 1.0]), 0.0)
    assert (found[0]["from"], found[-1]["to"]) == (-1.0, 1.0)
    assert found[N_BINS // 2]["from"] == pytest.approx(-found[N_BINS // 2]["to"])
    assert (found[0]["n"], found[-1]["n"]) == (1, 1)


def test_a_bin_without_frames_has_no_error():
    assert per_bin(np.zeros(1), np.zeros(1), 0.0)[0] == {
        "from": -1.0,
        "to": pytest.approx(-7 / 9),
        "n": 0,
        "mae": None,
        "bias": None,
        "baseline_mean_mae": None,
    }


def test_left_straight_and_right_are_told_apart_and_the_wrong_side_costs_double():
    found = directions(np.array([-0.5, 0.5, 0.0, 0.9]), np.array([-0.8, -0.2, 0.05, 0.3]))
    assert found.confusion.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
    assert found.mean_cost == 0.5


def test_the_worst_frames_of_a_drive_are_apart_but_those_of_another_drive_may_be_near():
    errors = np.array([0.1, 0.9, 0.8, 0.7, 0.6, 0.2])
    one_drive = [Episode("a", 0, 6)]
    two_drives = [Episode("a", 0, 3), Episode("b", 3, 6)]
    assert worst(errors, one_drive, most=2, apart=3) == [1, 4]
    assert worst(errors, two_drives, most=2, apart=3) == [1, 3]
    assert worst(errors, one_drive, most=9, apart=1) == [1, 2, 3, 4, 5, 0]
