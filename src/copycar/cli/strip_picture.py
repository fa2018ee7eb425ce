"""Curves as a small picture, for a terminal. Knows nothing of what they mean."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from copycar.core.frame import Image

Colour = tuple[int, int, int]
"""Red, green, blue, 0 … 255."""

BACK: Colour = (18, 22, 27)
AXIS: Colour = (60, 68, 78)


def strip_picture(lines: Sequence[tuple[ArrayLike, Colour]], height: int) -> Image:
    """Return curves one above the other, a column for every value, uint8 (height, N, 3).

    Args:
        lines: (values (N,) in -1 … 1 with +1 at the top and NaN where interrupted, colour); later ones lie on top.
        height: pixels, at least 2.
    """
    columns = [np.asarray(values, dtype=np.float64) for values, _ in lines]
    picture = np.full((height, len(columns[0]), 3), BACK, dtype=np.uint8)
    picture[height // 2] = AXIS
    for values, (_, colour) in zip(columns, lines, strict=True):
        known = np.nan_to_num(np.clip(values, -1.0, 1.0))
        rows = np.rint((1.0 - known) / 2 * (height - 1)).astype(int)
        for x in np.flatnonzero(np.isfinite(values)):
            joined = rows[x - 1] if x and np.isfinite(values[x - 1]) else rows[x]
            low, high = sorted((joined, rows[x]))
            picture[low : high + 1, x] = colour  # upright from the value before, so that steep stretches are lines
    return picture
