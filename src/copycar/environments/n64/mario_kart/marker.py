"""Finds the driver's mark on the map in the corner of the screen. Knows nothing of courses.

The mark is a square of 6 x 6 pixels that is mostly black (19 to 24 of its 36 pixels on recorded frames), on whatever
lies behind the map. In a dark tunnel nothing tells it from the darkness.
"""

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image

LEFT, TOP, RIGHT, BOTTOM = 250, 120, 300, 214
"""Where the map is, in the console's own pixels."""

_SIDE = 6
_DARKEST = 45
_LEAST_DARK, _MOST_DARK = 16, 30
_MOST_PLACES = 12
"""More places that look alike than this are no mark but darkness."""


def find_marker(picture: Image) -> tuple[float, float] | None:
    """Return the middle (x, y) of the mark in a picture (240, 320, 3); None where it cannot be told."""
    is_dark = picture[TOP:BOTTOM, LEFT:RIGHT].max(axis=2) < _DARKEST
    dark = _sums(is_dark)
    most = int(dark.max())
    alike = int((dark >= most - 3).sum())
    if not _LEAST_DARK <= most <= _MOST_DARK or alike > _MOST_PLACES:
        return None
    row, column = np.argwhere(dark == most).mean(axis=0)
    return LEFT + float(column) + _SIDE / 2 - 0.5, TOP + float(row) + _SIDE / 2 - 0.5


def _sums(values: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the sums of all squares of `_SIDE` pixels, by their upper left corners."""
    total = np.pad(values.astype(np.int64), ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    squares: NDArray[np.int64] = (
        total[_SIDE:, _SIDE:] - total[:-_SIDE, _SIDE:] - total[_SIDE:, :-_SIDE] + total[:-_SIDE, :-_SIDE]
    )
    return squares
