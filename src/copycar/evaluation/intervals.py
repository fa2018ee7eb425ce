"""How sure a figure from few trials is. Knows nothing of driving."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
Interval = tuple[float, float]

CONFIDENCE = 0.95
_Z = 1.959963984540054  # the standard normal's 97.5 % point
N_RESAMPLES = 1000


def wilson(successes: int, n: int) -> Interval | None:
    """Return the 95 % interval of a rate, two shares in 0 … 1; None for n = 0. Wilson 1927.

    Unlike "rate ± error" it stays within 0 … 1 and stays honest at "10 of 10".

    >>> [round(bound, 3) for bound in wilson(10, 10)]
    [0.722, 1.0]
    """
    if n == 0:
        return None
    rate, z2 = successes / n, _Z * _Z
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))
    return max(0.0, round(middle - half, 12)), min(1.0, round(middle + half, 12))  # 1, not 0.9999999999999999


def bootstrap(samples: Sequence[T], statistic: Callable[[Sequence[T]], float | None], seed: int = 0) -> Interval | None:
    """Return the 95 % percentile interval of `statistic`, from samples drawn again with replacement. Efron 1979.

    Args:
        samples: independent ones: trials, not ticks.
        statistic: of a drawn set; None where it cannot be computed, such draws are left out.
        seed: the same seed gives the same interval.

    Returns:
        None for less than two samples, or where all draws agree: then the bootstrap is blind, not certain.
    """
    if len(samples) < 2:
        return None
    rng = np.random.default_rng(seed)
    draws = rng.integers(len(samples), size=(N_RESAMPLES, len(samples)))
    values = [value for draw in draws if (value := statistic([samples[i] for i in draw])) is not None]
    if not values or min(values) == max(values):
        return None
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)
