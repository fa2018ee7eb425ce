import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.evaluation.classification import classify, distance_cost

NAMES = ("left", "straight", "right")
# by hand: 4 left (3 found, 1 called right), 5 straight (4 found, 1 called left), 1 right (called straight)
ACTUAL = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2]
PREDICTED = [0, 0, 0, 2, 1, 1, 1, 1, 0, 1]


def test_figures_agree_with_those_computed_by_hand():
    found = classify(ACTUAL, PREDICTED, NAMES)
    assert found.confusion.tolist() == [[3, 0, 1], [1, 4, 0], [0, 1, 0]]  # rows: what is
    assert found.accuracy == 0.7
    left, straight, right = found.classes()
    assert (left.support, left.precision, left.recall, left.f1) == (4, 0.75, 0.75, 0.75)
    assert (straight.support, straight.precision, straight.recall, straight.f1) == (5, 0.8, 0.8, 0.8)
    assert (right.support, right.precision, right.recall, right.f1) == (1, 0.0, 0.0, 0.0)
    macro = found.macro()
    assert macro == {name: pytest.approx((0.75 + 0.8 + 0.0) / 3) for name in ("precision", "recall", "f1")}


def test_accuracy_is_over_all_classes_and_one_vs_rest_stands_beside_it():
    found = classify(ACTUAL, PREDICTED, NAMES)
    assert [one.one_vs_rest_accuracy for one in found.classes()] == pytest.approx([0.8, 0.8, 0.8])
    assert found.accuracy < 0.8


def test_the_baseline_always_answers_the_most_frequent_class():
    json = classify(ACTUAL, PREDICTED, NAMES).as_json()
    assert (json["baseline_majority_class"], json["baseline_majority_accuracy"]) == ("straight", 0.5)


def test_what_is_undefined_is_none_and_never_zero():
    left, straight, right = classify([0, 1], [0, 0], NAMES).classes()
    assert (left.precision, left.recall) == (0.5, 1.0)
    assert (straight.precision, straight.recall, straight.f1) == (None, 0.0, 0.0)  # it occurs and was never answered
    assert (right.precision, right.recall, right.f1) == (None, None, None)
    assert classify([0, 1], [0, 0], NAMES).macro() == {"precision": 0.5, "recall": 0.5, "f1": pytest.approx(1 / 3)}


def test_of_probabilities_the_largest_is_the_answer():
    probabilities = [[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]
    assert classify([1, 0], probabilities, NAMES).accuracy == 1.0


def test_left_for_right_costs_more_than_left_for_straight():
    cost = distance_cost([-1, 0, 1])
    wrong_side, straight = (classify([0, 0, 1, 2], [0, answer, 1, 2], NAMES, cost=cost) for answer in (2, 1))
    assert wrong_side.accuracy == straight.accuracy
    assert (wrong_side.mean_cost, straight.mean_cost) == (0.5, 0.25)
    assert wrong_side.constant_cost == 0.75  # straight: 1 + 1 + 0 + 1 of 4
    assert classify([0], [0], NAMES).mean_cost is None


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1))
def test_supports_sum_to_all_frames_and_shares_stay_within_0_and_1(pairs):
    found = classify(*np.array(pairs).T, NAMES)
    assert sum(one.support for one in found.classes()) == found.n == len(pairs)
    figures = [value for one in found.classes() for value in (one.precision, one.recall, one.f1)]
    assert all(value is None or 0 <= value <= 1 for value in figures)
    assert 0 <= found.accuracy <= 1


@pytest.mark.parametrize(
    ("actual", "predicted", "cost"),
    [([], [], None), ([0, 1], [0], None), ([0], [3], None), ([-1], [0], None), ([0], [0], [[0.0]])],
)
def test_what_does_not_belong_together_is_refused(actual, predicted, cost):
    with pytest.raises(CopycarError):
        classify(actual, predicted, NAMES, cost=cost)
