"""Record while driving, without ever making the car wait. Knows nothing of the format on disk.

Encoding and writing happen on one thread of their own, in order; encoding a 160x120 JPEG takes well under a
millisecond, so one thread serves far more than 60 Hz. Between loop and thread is a queue with a limit: when the disk
stalls for longer than the queue can hold, frames are dropped and counted, and the car drives on.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from copycar.core.errors import CopycarError
from copycar.core.frame import Frame

QUEUE_LIMIT = 120
"""Frames: 2 s at 60 Hz; 7 MB at 160x120, 330 MB at 1280x720."""

THROTTLE_DEAD_ZONE = 0.02
"""Smaller throttles do not start a recording: a resting stick is rarely exactly 0."""


class FrameWriter(Protocol):
    """Where frames go: `copycar.tubs.write.TubWriter`, or anything like it."""

    def append(self, frame: Frame, /) -> object:
        """Write one frame."""

    def erase_last(self, n: int, /) -> int:
        """Mark the last `n` frames as deleted; return how many there were."""

    def close(self) -> None:
        """Finish the recording."""


class TakesFrames(Protocol):
    """What the drive loop records into: `Recorder`, or what stands before one."""

    @property
    def recorded(self) -> int:
        """Frames written so far."""

    @property
    def dropped(self) -> int:
        """Frames lost so far."""

    def put(self, frame: Frame, *, may_wait: bool = False) -> None:
        """Record `frame`, soon and in order."""

    def close(self) -> None:
        """Finish the recording."""


class Recorder:
    """Takes frames from the drive loop and hands them to a writer.

    Args:
        writer: where frames go; used by one thread at a time, closed by `close`.
        queue_limit: frames that may wait to be written.
        starts_with_throttle: record nothing until the first throttle.

    Attributes:
        recorded: frames written so far, less those erased; final after `close`.
        is_paused: while True, frames are left out.
    """

    def __init__(
        self, writer: FrameWriter, *, queue_limit: int = QUEUE_LIMIT, starts_with_throttle: bool = False
    ) -> None:
        self._writer = writer
        self._room = threading.Semaphore(queue_limit)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copycar-recorder")
        self._waits_for_throttle = starts_with_throttle
        self._failure: Exception | None = None
        self._is_closed = False
        self._no_room = self._unwritten = 0
        self.is_paused = False
        self.recorded = 0

    @property
    def dropped(self) -> int:
        """Frames lost so far: there was no room, or the writer had failed."""
        return self._no_room + self._unwritten

    def put(self, frame: Frame, *, may_wait: bool = False) -> None:
        """Record `frame`, soon and in order.

        Args:
            frame: its image must not be written to afterwards.
            may_wait: wait for room instead of dropping the frame, where the world waits too.

        Raises:
            CopycarError: the writer has failed; what was written before is safe.
        """
        if self._failure is not None:
            raise self._error(self._failure) from self._failure
        if self.is_paused:
            return
        if self._waits_for_throttle and abs(frame.decision.label.throttle) <= THROTTLE_DEAD_ZONE:
            return
        self._waits_for_throttle = False
        if self._room.acquire(blocking=may_wait):
            self._thread.submit(self._write, frame)
        else:
            self._no_room += 1

    def erase_last(self, n: int) -> None:
        """Delete the last `n` frames put so far, soon and in order."""
        self._thread.submit(self._unless_failed, lambda: self._erase(n))

    def close(self) -> None:
        """Write what is waiting and finish the recording; the second call does nothing.

        Raises:
            CopycarError: the writer failed (the disk is full); what was written before is safe.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._thread.shutdown(wait=True)
        self._keeping_failure(self._writer.close)
        if self._failure is not None:
            raise self._error(self._failure) from self._failure

    def _write(self, frame: Frame) -> None:
        try:
            self._unless_failed(lambda: self._append(frame))
            self._unwritten += self._failure is not None
        finally:
            self._room.release()

    def _append(self, frame: Frame) -> None:
        self._writer.append(frame)
        self.recorded += 1

    def _erase(self, n: int) -> None:
        self.recorded -= self._writer.erase_last(n)

    def _unless_failed(self, work: Callable[[], None]) -> None:
        if self._failure is None:
            self._keeping_failure(work)

    def _keeping_failure(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: `put` and `close` raise it where it is heard
            self._failure = self._failure or error

    def _error(self, failure: Exception) -> CopycarError:
        if isinstance(failure, CopycarError):
            return failure
        return CopycarError(
            f"the recording stopped after {self.recorded} frames, which are safe",
            str(failure) or type(failure).__name__,
            "free some disk space, or record to another place",
        )
