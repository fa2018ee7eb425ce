"""Live pictures of one camera: a device, a network stream, or a film played as if it happened now.

A thread takes every picture when it comes and keeps the newest one, so that whoever is slow sees now and not a queue of
the past. Knows OpenCV's captures; knows nothing of calibrations.
"""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from copycar.core.errors import DeviceError
from copycar.core.frame import Image

SILENT_S = 3.0
"""A camera without a picture for so long is unplugged: the slowest webcams give 5 a second."""

USUAL_FILM_HZ = 30.0
"""Of a film that does not say it."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        number: of the camera's pictures, from 0.
        time_s: when it was taken in, on the monotonic clock; of a film, when it was due.
        picture: uint8 (H, W, 3) RGB.
    """

    number: int
    time_s: float
    picture: Image


class LiveCamera:
    """Takes pictures in a thread until it is closed.

    Args:
        name: for messages.
        source: a device's number, a stream's address, or a film file.
        start_s: when films begin, on the monotonic clock.

    Raises:
        DeviceError: it cannot be opened.
    """

    def __init__(self, name: str, source: str, start_s: float) -> None:
        self.name, self._source = name, source
        self._film = Path(source).is_file()
        self._capture = cv2.VideoCapture(int(source) if source.isdecimal() else source)
        if not self._capture.isOpened():
            raise DeviceError(f"{name}: {source} cannot be opened", "no such device, address or film", _FIX)
        self._period_s = 1 / (self._capture.get(cv2.CAP_PROP_FPS) or USUAL_FILM_HZ)
        self._start_s, self._stop = start_s, threading.Event()
        self._news, self._shot, self._has_ended = threading.Condition(), _NOTHING, False
        self._thread = threading.Thread(target=self._take, name=f"camera {name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._capture.release()

    def newer(self, than: int) -> Shot | None:
        """Wait for a picture later than number `than` and return the newest; None after a film's last one.

        Raises:
            DeviceError: the camera is silent.
        """
        with self._news:
            is_there = self._news.wait_for(lambda: self._shot.number > than or self._has_ended, self._patience_s)
            if self._shot.number > than:
                return self._shot
        if is_there and self._film:
            return None
        raise DeviceError(f"{self.name} gives no pictures any more", f"its source is {self._source}", _FIX)

    @property
    def _patience_s(self) -> float:
        return SILENT_S + max(0.0, self._start_s - time.monotonic())

    def _take(self) -> None:
        number = 0
        while not self._stop.is_set():
            due_s = self._start_s + number * self._period_s
            if self._film and self._stop.wait(max(0.0, due_s - time.monotonic())):
                break
            is_read, picture = self._capture.read()
            if not is_read:
                break
            time_s = due_s if self._film else time.monotonic()
            rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
            with self._news:
                self._shot = Shot(number, time_s, rgb)
                self._news.notify_all()
            number += 1
        with self._news:
            self._has_ended = True
            self._news.notify_all()


_NOTHING = Shot(-1, 0.0, np.zeros((1, 1, 3), dtype=np.uint8))
_FIX = "check the plug, the number or the address; --live takes one source per camera, in the order of the project"
