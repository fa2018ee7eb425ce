"""Our own network drives slower where its steering is unsure, and only then."""

from itertools import pairwise

import pytest
import torch
from example_networks import made

from copycar.learning.policies.bins import mean_and_variance, soft_bins
from copycar.learning.policies.copycar import CAUTION, SURE, UNSURE

THROTTLE = 0.6


def logits(*peaks, bins=31, width=0.75):
    """A distribution with equal peaks at these values."""
    return sum(soft_bins(torch.tensor([peak]), bins, width) for peak in peaks).log()


def action(steering, throttle=THROTTLE):
    (values,) = made("copycar").eval().action((steering, logits(throttle, bins=21))).tolist()
    return values


@pytest.mark.parametrize("steering", [-1.0, -0.3, 0.0, 0.8])
def test_a_sure_decision_is_taken_as_it_is(steering):
    assert action(logits(steering)) == pytest.approx([steering, THROTTLE], abs=0.03)


def test_between_left_and_right_it_goes_slower_but_goes():
    steering, throttle = action(logits(-0.6, 0.6))
    assert steering == pytest.approx(0.0, abs=1e-3)
    assert throttle == pytest.approx((1 - CAUTION) * THROTTLE, abs=0.03)


def test_the_wider_the_slower():
    speeds = [action(logits(-apart, apart))[1] for apart in (0.18, 0.22, 0.27, 0.32)]
    assert all(slower < faster for faster, slower in pairwise(speeds))


def test_braking_and_reversing_are_never_softened():
    assert action(logits(-0.6, 0.6), -0.5)[1] == pytest.approx(-0.5, abs=0.03)


def test_variance_is_that_of_the_distribution():
    mean, variance = mean_and_variance(logits(-0.5, 0.5, width=0.3))
    assert mean.item() == pytest.approx(0.0, abs=1e-4)
    assert variance.item() == pytest.approx(0.25, abs=0.01)
    assert 0 < SURE < UNSURE < 1
