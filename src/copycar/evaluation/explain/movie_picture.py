"""One picture of a saliency film. Knows pixels and numbers; knows nothing of networks and files.

```
+------------------+
| frame with what  |
| mattered on it   |
+------------------+
| human            |  steering, from the middle to its side
| policy           |
+------------------+
| error            |  the last seconds: policy less human, the newest at the right
+------------------+
```
"""

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image
from copycar.core.pixel_letters import write

LEAST_WIDTH = 480
"""Pixels; smaller frames are enlarged by whole numbers, so that their own pixels stay visible."""
BAR, STRIP = 22, 60
"""Pixels that a bar and the strip are high."""
SHOWN = 240
"""Frames in the strip: 12 s at 20 Hz."""
STRONGEST = 0.75
"""Share of the colour where saliency is 1."""

BACK, TROUGH, LINE, INK = (24, 28, 34), (52, 60, 70), (150, 160, 172), (236, 240, 245)
HUMAN, POLICY, TOO_LEFT, TOO_RIGHT = (63, 201, 193), (240, 197, 63), (96, 150, 255), (255, 107, 120)
_GLOW = np.array([[0, 0, 0], [90, 0, 120], [220, 40, 70], [255, 160, 20], [255, 255, 190]], np.float32)
"""Colours of saliency 0, 1/4 … 1: bright where much depends on it, also for people who cannot tell red from green."""


def film_size(image_size: tuple[int, int]) -> tuple[int, int]:
    """Return (height, width) px of the film's pictures for frames of (height, width): even, as the codec wants."""
    height, width = (side * scale_of(image_size) for side in image_size)
    total = height + 2 * BAR + STRIP
    return total + total % 2, width + width % 2


def scale_of(image_size: tuple[int, int]) -> int:
    """Return how many times frames are enlarged."""
    return max(1, LEAST_WIDTH // image_size[1])


def with_glow(image: Image, mask: NDArray[np.float32]) -> Image:
    """Return the frame (H, W, 3) with its saliency (H, W), 0 … 1, laid over it; the rest is darkened a little."""
    place = np.clip(mask, 0, 1)[..., None] * (len(_GLOW) - 1)
    low = np.minimum(place.astype(np.int64), len(_GLOW) - 2)[..., 0]
    colour = _GLOW[low] + (place - low[..., None]) * (_GLOW[low + 1] - _GLOW[low])
    share = STRONGEST * np.sqrt(np.clip(mask, 0, 1))[..., None]
    mixed: Image = (0.8 * image * (1 - share) + colour * share).clip(0, 255).astype(np.uint8)
    return mixed


def movie_picture(frame: Image, human: float, policy: float, errors: NDArray[np.float32]) -> Image:
    """Return one picture of the film.

    Args:
        frame: uint8 (H, W, 3), with its glow.
        human: the driver's steering, -1 … 1, positive right.
        policy: the policy's.
        errors: policy less human of this frame (last) and those before it.
    """
    scale = scale_of(frame.shape[:2])
    picture = np.full((*film_size(frame.shape[:2]), 3), BACK, dtype=np.uint8)
    enlarged = frame.repeat(scale, axis=0).repeat(scale, axis=1)
    picture[: enlarged.shape[0], : enlarged.shape[1]] = enlarged
    top = enlarged.shape[0]
    for place, (name, value, colour) in enumerate((("HUMAN", human, HUMAN), ("POLICY", policy, POLICY))):
        _bar(picture[top + place * BAR : top + (place + 1) * BAR], name, value, colour)
    _strip(picture[top + 2 * BAR : top + 2 * BAR + STRIP], errors)
    return picture


def _bar(box: Image, name: str, value: float, colour: tuple[int, int, int]) -> None:
    """Fill from the middle to the right for positive values, to the left for negative ones."""
    write(box, name, 8, 6, 2, LINE)
    left = 72
    middle, half = (left + box.shape[1]) // 2, (box.shape[1] - left) // 2 - 8
    inner = box[5:-5]
    inner[:, middle - half : middle + half] = TROUGH
    end = middle + round(half * min(max(value, -1.0), 1.0))
    inner[:, min(middle, end) : max(middle, end)] = colour
    inner[:, middle - 1 : middle + 1] = INK


def _strip(box: Image, errors: NDArray[np.float32]) -> None:
    """Draw a column for every frame, the newest at the right: up where the policy steers further right."""
    write(box, "ERROR", 8, 4, 2, LINE)
    middle, half = box.shape[0] // 2, box.shape[0] // 2 - 2
    step = max(1, box.shape[1] // SHOWN)
    box[middle] = TROUGH
    for back, error in enumerate(errors[::-1][:SHOWN]):
        right = box.shape[1] - back * step
        if right - step < 0:
            break
        end = middle - round(half * min(max(float(error), -1.0), 1.0))
        colour = TOO_RIGHT if error > 0 else TOO_LEFT
        box[min(middle, end) : max(middle, end) + 1, right - step : right] = colour
