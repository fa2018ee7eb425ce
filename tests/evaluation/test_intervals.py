import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.evaluation.intervals import bootstrap, wilson


def mean(values):
    return float(np.mean(values))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_agrees_with_published_values(successes, n, low, high):
    """The last row is Newcombe 1998, table I."""
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_and_stays_between_zero_and_one(case):
    successes, n = case
    low, high = wilson(successes, n)
    assert 0.0 <= low <= successes / n <= high <= 1.0


def test_wilson_of_nothing_is_unknown():
    assert wilson(0, 0) is None


def test_bootstrap_of_a_mean_agrees_with_theory():
    samples = np.random.default_rng(1).normal(10.0, 2.0, 100).tolist()
    low, high = bootstrap(samples, mean)
    half = 1.96 * np.std(samples) / 10
    assert (low, high) == pytest.approx((mean(samples) - half, mean(samples) + half), abs=0.1)


def test_bootstrap_with_the_same_seed_is_the_same():
    samples = np.random.default_rng(2).normal(size=20).tolist()
    assert bootstrap(samples, mean, seed=3) == bootstrap(samples, mean, seed=3)
    assert bootstrap(samples, mean, seed=3) != bootstrap(samples, mean, seed=4)


@pytest.mark.parametrize("samples", [[], [1.0], [7.0] * 10])
def test_bootstrap_is_silent_where_it_is_blind(samples):
    assert bootstrap(samples, mean) is None


def test_bootstrap_leaves_out_draws_that_cannot_be_measured():
    low, high = bootstrap([None, 1.0, 3.0], lambda drawn: max((x for x in drawn if x is not None), default=None))
    assert (low, high) == (1.0, 3.0)
