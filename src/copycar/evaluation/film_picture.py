"""One picture of a film: what the policy sees, what it does, and the car from outside. Knows nothing of files.

```
+-----------+----------------+
| dashboard |                |
+-----------+  from outside  |
| its eye   |                |
+-----------+----------------+
```
"""

from dataclasses import dataclass

import numpy as np

from copycar.core.frame import Image
from copycar.core.pixel_letters import ADVANCE, write

EYE_WIDTH, EYE_HEIGHT = 320, 240
OUTSIDE_WIDTH, OUTSIDE_HEIGHT = 480, 360
WIDTH, HEIGHT = EYE_WIDTH + OUTSIDE_WIDTH, OUTSIDE_HEIGHT

_BACK, _TROUGH, _SOFT, _INK = (24, 28, 34), (52, 60, 70), (150, 160, 172), (236, 240, 245)
_CALM, _WARM, _HOT = (63, 201, 193), (240, 197, 63), (255, 107, 120)
_PAD = 14


@dataclass(frozen=True, slots=True)
class Readings:
    """What the dashboard shows.

    Attributes:
        lap, laps: the lap being driven, from 1, and how many are asked.
        speed_mps: None where unknown.
        steering: -1 … 1, positive right.
        off_middle: -1 … 1 from the left to the right edge of the road; None where unknown.
        is_helped: whether somebody had to help just now.
    """

    lap: int
    laps: int
    speed_mps: float | None
    steering: float
    off_middle: float | None
    is_helped: bool


def film_picture(eye: Image, outside: Image | None, readings: Readings) -> Image:
    """Return one picture, uint8 (360, 800, 3).

    Args:
        eye: what the policy sees, any size.
        outside: the car from outside, any size; None leaves that side dark.
        readings: of the dashboard.
    """
    picture = np.full((HEIGHT, WIDTH, 3), _BACK, dtype=np.uint8)
    _dashboard(picture[:-EYE_HEIGHT, :EYE_WIDTH], readings)  # above: a player's buttons cover what is below
    _paste(picture[-EYE_HEIGHT:, :EYE_WIDTH], eye)
    if outside is not None:
        _paste(picture[:, EYE_WIDTH:], outside)
    if readings.is_helped:
        for edge in (picture[:6], picture[-6:], picture[:, :6], picture[:, -6:]):
            edge[:] = _HOT
    return picture


def _paste(box: Image, image: Image) -> None:
    """Fit `image` into `box`, centred, nearest pixel: the policy's eye shows its real pixels."""
    scale = min(box.shape[0] / image.shape[0], box.shape[1] / image.shape[1])
    height, width = int(image.shape[0] * scale), int(image.shape[1] * scale)
    rows, columns = (np.arange(height) / scale).astype(int), (np.arange(width) / scale).astype(int)
    top, left = (box.shape[0] - height) // 2, (box.shape[1] - width) // 2
    box[top : top + height, left : left + width] = image[rows[:, None], columns]


def _dashboard(box: Image, readings: Readings) -> None:
    write(box, f"LAP {min(readings.lap, readings.laps)}/{readings.laps}", _PAD, 12, 4, _INK)
    if readings.speed_mps is not None:
        text = f"{readings.speed_mps:.1f} M/S"
        write(box, text, EYE_WIDTH - _PAD - len(text) * ADVANCE * 4 + 4, 12, 4, _INK)
    write(box, "STEERING", _PAD, 45, 2, _SOFT)
    _bar(box[59:71], readings.steering, _INK)
    write(box, "OFF THE MIDDLE", _PAD, 82, 2, _SOFT)
    if readings.off_middle is not None:
        off = abs(readings.off_middle)
        _bar(box[96:108], readings.off_middle, _CALM if off < 0.5 else _WARM if off < 0.8 else _HOT)


def _bar(strip: Image, value: float, colour: tuple[int, int, int]) -> None:
    """Fill from the middle to the right for positive values, to the left for negative ones."""
    middle, half = EYE_WIDTH // 2, EYE_WIDTH // 2 - _PAD
    strip[:, middle - half : middle + half] = _TROUGH
    end = middle + round(half * min(max(value, -1.0), 1.0))
    strip[:, min(middle, end) : max(middle, end)] = colour
    strip[:, middle - 1 : middle + 1] = _SOFT
