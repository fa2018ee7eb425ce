"""Number arrays as SVG path data. Knows nothing of what they mean."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from copycar.evaluation.trace import Array

MAX_POINTS = 900
"""Per line: more cannot be seen, and the page stays small."""


def path(points: Array, decimals: int = 2, *, is_closed: bool = False) -> str:
    """Return the path data of a polyline (N, 2); "" for less than two points."""
    if len(points) < 2:
        return ""
    corners = "L".join(f"{x:.{decimals}f} {y:.{decimals}f}" for x, y in points.tolist())
    return f"M{corners}{'Z' if is_closed else ''}"


def stretches(is_joined: NDArray[np.bool_]) -> list[slice]:
    """Return the unbroken runs of N points, where `is_joined` (N - 1,) says whether a point follows the one before.

    >>> stretches(np.array([True, False, True]))
    [slice(0, 2, None), slice(2, 4, None)]
    """
    breaks = np.flatnonzero(~is_joined) + 1
    edges = [0, *breaks.tolist(), len(is_joined) + 1]
    return [slice(start, stop) for start, stop in pairwise(edges)]


def thinned(n: int) -> int:
    """Return the stride that leaves at most `MAX_POINTS` of `n`."""
    return max(1, -(-n // MAX_POINTS))
