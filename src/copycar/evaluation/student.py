"""How sure the mean of few figures is, such as those of several seeds. Knows nothing of trainings."""

import math
from collections.abc import Sequence
from statistics import NormalDist, mean, stdev

CONFIDENCE = 0.95
TABLE = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""Student's t, two-sided 95 %, for 1 … 10 degrees of freedom (Student 1908; Abramowitz and Stegun, table 26.10)."""


def mean_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % interval of the mean of independent figures; None for less than two.

    >>> [round(bound, 3) for bound in mean_interval([1.0, 2.0, 3.0])]
    [-0.484, 4.484]
    """
    if len(values) < 2:
        return None
    half = t_value(len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return mean(values) - half, mean(values) + half


def t_value(freedom: int) -> float:
    """Return Student's t for a two-sided 95 % interval; beyond the table by Abramowitz and Stegun 26.7.5.

    >>> round(t_value(30), 3)
    2.042
    """
    if freedom <= len(TABLE):
        return TABLE[freedom - 1]
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
