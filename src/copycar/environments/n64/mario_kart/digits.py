"""Reads the digits that the game writes over its picture. Knows nothing of laps or times.

Pictures are taken at the console's own size, 320 x 240. A digit is 6 pixels wide and 12 high, filled from yellow to red
for times and pink for laps, with a dark edge. What is known of each digit is in which of its 3 x 4 zones there is ink:
that is enough to tell them apart, over every background. Measured on recorded frames of the game.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image

WIDTH, HEIGHT = 6, 12

Ink = NDArray[np.bool_]

_ZONES = {
    "0": "101 101 101 111",
    "1": "010 010 010 010",
    "2": "001 001 100 111",
    "3": "001 011 001 111",
    "4": "001 011 111 001",
    "5": "100 110 001 111",
    "6": "100 110 101 111",
    "7": "001 001 010 010",
    "8": "101 111 101 111",
    "9": "101 111 001 111",
}
"""Zones with ink in more than half of their 2 x 3 pixels, row by row."""

_LOWER_ZONES = {"1": "010 010", "2": "100 111", "3": "101 111"}
"""Of the laps' digits the lower half is read: above they are too pale to tell from a cloud."""

_MOST_DOUBT = 0.25
"""Largest mean difference from a digit's zones at which it still is that digit; on recorded frames 0.21 at worst."""


class Digit(NamedTuple):
    """What was read.

    Attributes:
        value: None where there is no digit.
        doubt: mean difference from that digit's zones, 0 … 1.
    """

    value: int | None
    doubt: float


def read_warm_digit(picture: Image, left: int, top: int) -> Digit:
    """Return the digit of a time whose upper left corner is there."""
    cell = picture[top : top + HEIGHT, left : left + WIDTH].astype(np.int16)
    red, blue = cell[..., 0], cell[..., 2]
    return _nearest((red > 180) & (blue < 110) & (red - blue > 110), _ZONES)


def read_pink_digit(picture: Image, left: int, top: int) -> Digit:
    """Return the digit of a lap, 1 to 3, whose upper left corner is there."""
    cell = picture[top + HEIGHT // 2 : top + HEIGHT, left : left + WIDTH].astype(np.int16)
    red, green, blue = cell[..., 0], cell[..., 1], cell[..., 2]
    is_pink = (red > 130) & (blue > 150) & (red - green > 12) & (blue - green > 12)
    return _nearest(is_pink, _LOWER_ZONES)


def _nearest(ink: Ink, zones: dict[str, str]) -> Digit:
    rows = len(ink) // 3
    seen = ink.reshape(rows, 3, 3, 2).mean(axis=(1, 3)).ravel()  # share of ink in each zone
    doubt, digit = min((float(np.abs(seen - _as_numbers(code)).mean()), digit) for digit, code in zones.items())
    return Digit(int(digit) if doubt < _MOST_DOUBT else None, doubt)


def _as_numbers(code: str) -> NDArray[np.float64]:
    return np.array([float(zone) for zone in code.replace(" ", "")])
