"""The newest picture of a drive, encoded once for all who watch, and when the latest ones were taken.

Written by the drive loop's thread, read by the server's. Knows nothing of sockets.
"""

import json
import struct
import time
from collections import OrderedDict
from typing import Any, NamedTuple

from copycar.core.clock import Clock
from copycar.core.frame import Image
from copycar.tubs.jpeg import encode_jpeg

REMEMBERED = 256  # pictures: 4 s at 60 Hz, longer than any picture may be driven by
LATELY_S = 2.0
QUALITY = 80  # for the eye; recordings are encoded on their own


class Picture(NamedTuple):
    """One picture, ready to be sent.

    Attributes:
        number: counts the ticks of all drives of this server.
        message: uint32 little-endian length of the header, the header (JSON), the JPEG.
    """

    number: int
    message: bytes


class Pictures:
    """The newest picture and the capture times of the last ones.

    Args:
        clock: the drive's.

    Attributes:
        latest: None before the first.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: OrderedDict[int, int] = OrderedDict()
        self._number = 0
        self.latest: Picture | None = None

    def show(self, image: Image, header: dict[str, Any], age_s: float = 0.0) -> None:
        """Make `image` the newest picture.

        Args:
            image: uint8 (H, W, 3) RGB.
            header: what is told with it; `number` and `taken_ms` (wall clock, milliseconds since 1970) are added.
            age_s: how long ago it was taken.
        """
        self._number += 1
        self._taken[self._number] = self._clock.monotonic_ns() - round(age_s * 1e9)
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        taken_ms = (time.time() - age_s) * 1e3
        text = json.dumps({"number": self._number, "taken_ms": round(taken_ms, 2), **header}).encode()
        self.latest = Picture(self._number, struct.pack("<I", len(text)) + text + encode_jpeg(image, QUALITY))

    def taken_ns(self, number: int) -> int | None:
        """Return when a picture was taken, monotonic ns; None where it is unknown or too long ago."""
        return self._taken.get(number)

    def rate_hz(self) -> float | None:
        """Return how many pictures a second were taken lately; None where there are none of the last two seconds."""
        taken = list(self._taken.values())
        since = [t for t in taken if self._clock.monotonic_ns() - t < LATELY_S * 1e9]
        return (len(since) - 1) * 1e9 / (since[-1] - since[0]) if len(since) > 1 and since[-1] > since[0] else None
