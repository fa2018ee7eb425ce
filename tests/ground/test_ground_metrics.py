"""Detections against truths: cases counted by hand, a golden file, and what must hold for any."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from copycar.ground.metrics import best_threshold, match, score_detections

GOLDEN = Path(__file__).parent / "golden" / "detections.json"


def points(*pairs):
    return np.array(pairs, dtype=float).reshape(-1, 2)


def test_hits_misses_and_false_alarms_are_counted():
    score = score_detections([(points((0, 0), (1, 0), (5, 5)), points((0.1, 0), (1, 0.2), (9, 9)))], 0.5)
    assert (score.n_truths, score.n_matched, score.n_false, score.n_missed) == (3, 2, 1, 1)
    assert score.moda == pytest.approx(1 - 2 / 3)
    assert score.modp == pytest.approx((0.8 + 0.6) / 2)
    assert (score.precision, score.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert score.mean_error_m == pytest.approx(0.15)


def test_a_moment_without_detections_counts_its_misses():
    perfect = (points((0, 0)), points((0, 0)))
    assert score_detections([perfect], 0.5).moda == 1
    assert score_detections([perfect, (points((0, 0)), points())], 0.5).moda == 0.5


def test_a_moment_without_truths_counts_its_false_alarms():
    score = score_detections([(points(), points((1, 1))), (points((0, 0)), points((0, 0)))], 0.5)
    assert score.moda == 0


def test_nothing_to_find_is_no_score():
    score = score_detections([(points(), points())], 0.5)
    assert (score.moda, score.modp, score.precision, score.recall, score.mean_error_m) == (None,) * 5


def test_more_errors_than_truths_are_worse_than_nothing():
    assert score_detections([(points((0, 0)), points((3, 3), (4, 4)))], 0.5).moda == -2


def test_two_detections_of_one_thing_are_one_hit():
    score = score_detections([(points((0, 0)), points((0.1, 0), (0.2, 0)))], 0.5)
    assert (score.n_matched, score.n_false) == (1, 1)


def test_as_many_pairs_as_possible_come_before_short_ones():
    pairs = match(points((0, 0), (0.4, 0)), points((0.3, 0), (-0.45, 0)), 0.5)  # greedy would leave one alone
    assert sorted(zip(pairs.truths.tolist(), pairs.found.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_exactly_the_distance_is_near_enough():
    assert len(match(points((0, 0)), points((0.5, 0)), 0.5).truths) == 1
    assert len(match(points((0, 0)), points((0.500001, 0)), 0.5).truths) == 0


def most_pairs(truths, found, distance):
    """Every way to pair them, the slow way."""
    if len(truths) > len(found):
        truths, found = found, truths
    ways = permutations(range(len(found)), len(truths))
    near = np.linalg.norm(truths[:, None] - found[None], axis=-1) <= distance
    return max(sum(near[row, column] for row, column in enumerate(way)) for way in ways)


clouds = arrays.arrays(float, st.tuples(st.integers(0, 4), st.just(2)), elements=st.floats(0, 2, width=16))


@given(clouds, clouds)
def test_no_pairing_finds_more(truths, found):
    assert len(match(truths, found, 0.7).truths) == most_pairs(truths, found, 0.7)


@given(st.lists(st.tuples(clouds, clouds), min_size=1, max_size=4))
def test_moda_follows_from_precision_and_recall(moments):
    score = score_detections(moments, 0.5)
    if score.moda is not None and score.precision:
        assert score.moda == pytest.approx(score.recall * (2 - 1 / score.precision))


def test_the_golden_detections_have_the_golden_figures():
    golden = json.loads(GOLDEN.read_text())
    moments = [(points(*moment["truths_m"]), points(*moment["found_m"])) for moment in golden["moments"]]
    for distance, expected in golden["figures"].items():
        score = score_detections(moments, float(distance)).as_json()
        assert {name: score[name] for name in expected} == pytest.approx(expected, abs=1e-9)


def test_the_best_threshold_is_the_middle_of_the_best_ones():
    scored = [(points((0, 0)), points((0, 0), (3, 3)), np.array([0.9, 0.3]))]
    threshold, score = best_threshold(scored, 0.5, [0.1, 0.2, 0.4, 0.5, 0.6, 0.95])
    assert (threshold, score.moda) == (0.5, 1)
