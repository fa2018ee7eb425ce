"""Reads lap and time off the game's screen in a time trial. Knows nothing of menus or maps."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from copycar.core.frame import Image
from copycar.environments.n64.mario_kart.digits import read_pink_digit, read_warm_digit
from copycar.environments.resize import resized

NATIVE_WIDTH, NATIVE_HEIGHT = 320, 240
"""The console's own picture; the emulator shows it in any whole multiple."""

_STRIP = 40
"""All that is written lies in so many rows from the top."""

_TOP = 18
_MINUTES, _SECONDS, _HUNDREDTHS = (229, 237), (253, 261), (277, 285)
_LAP = 98

_LARGEST_SHIFT_PX = 8
"""Emulators and recorders show the picture some pixels beside where the console would."""

Shift = tuple[int, int]
"""How many pixels right of and below its place the picture lies on the screen."""


class Dashboard(NamedTuple):
    """What is written over the picture; None what cannot be read, as a time that blinks at the end of a lap.

    Attributes:
        lap: being driven, 1 to 3.
        time_s: since the start.
        doubt: of the reading, 0 … 1.
    """

    lap: int | None
    time_s: float | None
    doubt: float


def native(screen: Image, shift: Shift = (0, 0)) -> Image:
    """Return the emulator's screen, uint8 (H, W, 3), at the console's own size (240, 320, 3), put in its place."""
    return _put_in_place(screen, shift, NATIVE_HEIGHT)


def find_shift(screen: Image) -> Shift | None:
    """Return the shift with which lap and time are read off the screen with the least doubt; None where none is."""
    reach = range(-_LARGEST_SHIFT_PX, _LARGEST_SHIFT_PX + 1)
    strip = screen[: len(screen) * _STRIP // NATIVE_HEIGHT]
    readings = {shift: read_dashboard(_put_in_place(strip, shift, _STRIP)) for shift in product(reach, reach)}
    readable = [shift for shift, seen in readings.items() if seen.lap is not None and seen.time_s is not None]
    return min(readable, key=lambda shift: (readings[shift].doubt, abs(shift[0]) + abs(shift[1])), default=None)


def _put_in_place(screen: Image, shift: Shift, height: int) -> Image:
    right, below = shift
    return resized(np.roll(screen, (-below, -right), axis=(0, 1)), NATIVE_WIDTH, height)


def read_dashboard(picture: Image) -> Dashboard:
    """Return what is written over a picture of the console's own size."""
    lap = read_pink_digit(picture, _LAP, _TOP)
    digits = [read_warm_digit(picture, left, _TOP) for left in (*_MINUTES, *_SECONDS, *_HUNDREDTHS)]
    doubt = (lap.doubt + sum(digit.doubt for digit in digits)) / (1 + len(digits))
    return Dashboard(lap.value, _as_seconds([digit.value for digit in digits]), doubt)


def _as_seconds(digits: Sequence[int | None]) -> float | None:
    """Return seconds from the digits of minutes, seconds and hundredths.

    >>> _as_seconds([0, 1, 0, 3, 4, 6])
    63.46
    """
    known = [digit for digit in digits if digit is not None]
    if len(known) < len(digits):
        return None
    minutes, seconds, hundredths = (10 * tens + ones for tens, ones in zip(known[::2], known[1::2], strict=True))
    return 60.0 * minutes + seconds + hundredths / 100
