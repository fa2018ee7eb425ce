"""Measures what a gamepad's axes really say. Knows nothing of where the readings come from."""

from collections.abc import Iterable

import numpy as np

from copycar.core.errors import CopycarError
from copycar.driving.gamepad.pad import AXES, Reading
from copycar.driving.gamepad.settings import Range

MOVED = 0.25
"""An axis that went less far was not moved by the person; it keeps the usual range."""


def measured(at_rest: Iterable[Reading], moved: Iterable[Reading]) -> dict[str, Range]:
    """Return the range of every axis that was moved.

    Args:
        at_rest: readings while nobody touched it.
        moved: readings while every stick was turned round at its edge and every trigger pulled.

    Raises:
        CopycarError: nothing was moved.
    """
    resting, turning = list(at_rest), list(moved)
    found = {}
    for axis in AXES:
        centre = float(np.median([reading.axes.get(axis, 0.0) for reading in resting])) if resting else 0.0
        values = [reading.axes.get(axis, 0.0) for reading in turning] or [centre]
        low, high = min(*values, centre), max(*values, centre)
        if high - low >= MOVED:
            found[axis] = Range(low=round(low, 4), centre=round(centre, 4), high=round(high, 4))
    if not found:
        raise CopycarError("no stick was moved", fix="turn both sticks round at their edges while it measures")
    return found
