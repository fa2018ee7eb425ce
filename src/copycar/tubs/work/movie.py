"""A film of a recording: what the camera saw, with bars for steering and throttle. Knows nothing of policies."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from copycar.core.frame import Frame, Image
from copycar.core.progress import OnProgress
from copycar.tubs.film import film_writer
from copycar.tubs.store import BadImage
from copycar.tubs.tub import Tub

QUALITY = 26
"""x264's constant rate factor: 23 is its default, 6 more halve the size."""

LEAST_WIDTH = 480
"""Pixels; smaller pictures are enlarged by whole numbers, so that their own pixels stay visible."""

BAR = 20  # pixels that a bar is high, with its margin; even, as the codec wants
BACK, TROUGH, LINE = (24, 28, 34), (52, 60, 70), (150, 160, 172)
STEERING, FORWARD, REVERSE, EXECUTED = (63, 201, 193), (120, 200, 90), (255, 107, 120), (240, 197, 63)


def make_movie(
    tub: Tub,
    path: Path,
    *,
    rate_hz: float = 20.0,
    on_bad: Callable[[BadImage], None] | None = None,
    on_progress: OnProgress | None = None,
) -> int:
    """Write the live frames as mp4 (H.264) and return how many there are.

    Below the picture: steering from the middle to its side, throttle likewise (forward to the right). Where the car
    executed something else than the label, a yellow mark shows it.

    Args:
        tub: the recording.
        path: the film; its folder must exist.
        rate_hz: pictures a second.
        on_bad: is told of every unreadable picture, which is left out.
        on_progress: is told (frames done, frames in all).

    Raises:
        CopycarError: the package that encodes is missing, nothing can be read, or `path` cannot be written.
    """
    height, width = tub.image_size
    scale = max(1, LEAST_WIDTH // width)
    size = (height * scale + 2 * BAR + height * scale % 2, width * scale + width * scale % 2)
    n = 0
    with film_writer(path, size, rate_hz, quality=QUALITY, preset="veryfast") as add:
        for frame in tub.frames(on_bad or (lambda _: None)):
            add(draw_frame(frame, scale, size))
            n += 1
            if on_progress:
                on_progress(n, len(tub))
    return n


def draw_frame(frame: Frame, scale: int, size: tuple[int, int]) -> Image:
    """Return one picture of the film, uint8 (*size, 3): the enlarged frame over two bars."""
    picture = np.full((*size, 3), BACK, dtype=np.uint8)
    enlarged = frame.image.repeat(scale, axis=0).repeat(scale, axis=1)
    picture[: enlarged.shape[0], : enlarged.shape[1]] = enlarged
    label, executed = frame.decision.label, frame.decision.action
    _draw_bar(picture[-2 * BAR : -BAR], label.steering, executed.steering, STEERING)
    _draw_bar(picture[-BAR:], label.throttle, executed.throttle, FORWARD if label.throttle >= 0 else REVERSE)
    return picture


def _draw_bar(strip: Image, value: float, executed: float, colour: tuple[int, int, int]) -> None:
    middle, half = strip.shape[1] // 2, strip.shape[1] // 2 - 8
    inner = strip[4:-4]
    inner[:, middle - half : middle + half] = TROUGH
    end = middle + round(half * min(max(value, -1.0), 1.0))
    inner[:, min(middle, end) : max(middle, end)] = colour
    inner[:, middle - 1 : middle + 1] = LINE
    if executed != value:
        place = middle + round(half * min(max(executed, -1.0), 1.0))
        strip[2:-2, place - 2 : place + 2] = EXECUTED
