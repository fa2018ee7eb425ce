"""Time, real and fake, behind one small door. Knows nothing of what is timed."""

import time
from typing import Protocol


class Clock(Protocol):
    """Anything that tells monotonic and wall time and can wait."""

    def monotonic_ns(self) -> int:
        """Return nanoseconds that never go backwards."""

    def wall_s(self) -> float:
        """Return seconds since 1970."""

    def sleep(self, seconds: float) -> None:
        """Wait; returns at once for zero and below."""


class RealClock:
    """The machine's own clock."""

    def monotonic_ns(self) -> int:
        """Return nanoseconds that never go backwards."""
        return time.monotonic_ns()

    def wall_s(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait; returns at once for zero and below."""
        if seconds > 0:
            time.sleep(seconds)


class FakeClock:
    """A clock that moves only when told to or slept on: tests run at once and always the same.

    >>> clock = FakeClock()
    >>> clock.sleep(0.5)
    >>> clock.monotonic_ns()
    500000000
    """

    def __init__(self, wall_s: float = 1_700_000_000.0) -> None:
        self._now_ns = 0
        self._wall_start_s = wall_s

    def monotonic_ns(self) -> int:
        """Return the fake nanoseconds since this clock was made."""
        return self._now_ns

    def wall_s(self) -> float:
        """Return the fake wall time."""
        return self._wall_start_s + self._now_ns / 1e9

    def sleep(self, seconds: float) -> None:
        """Move time on by `seconds`."""
        self._now_ns += max(0, round(seconds * 1e9))
