"""Stop the car when the drive loop falls silent, or is too slow to notice that its driver has gone.

A driver that hangs, an environment that hangs: it knows neither.
"""

import threading
from collections.abc import Callable

from copycar.core.clock import Clock

CHECKS_PER_TIMEOUT = 5
CHECK_S_MAX = 0.05


class Silence:
    """Decides when a silence has lasted too long. Pure: the time is told, nothing waits.

    >>> silence = Silence(timeout_s=0.5, now_ns=0)
    >>> [silence.is_too_long(now_ns) for now_ns in (400_000_000, 600_000_000, 700_000_000)]
    [False, True, False]
    """

    def __init__(self, timeout_s: float, now_ns: int) -> None:
        self._timeout_ns = round(timeout_s * 1e9)
        self._heard_ns = now_ns
        self._told = False

    def hear(self, now_ns: int) -> None:
        """Note a sign of life."""
        self._heard_ns, self._told = now_ns, False

    def is_too_long(self, now_ns: int) -> bool:
        """Return True once for each silence that exceeds the timeout."""
        if self._told or now_ns - self._heard_ns <= self._timeout_ns:
            return False
        self._told = True
        return True


class Watchdog:
    """Calls `stop` from its own thread when it is not fed in time; a context manager.

    Args:
        stop: stops the car; called once per silence. None makes a watchdog that never barks and needs no thread.
        timeout_s: the longest silence.
        clock: what the silence is measured on.
        must_stand: tells whether the latest decision must not go on, because the driver has gone since. It is asked
            every `CHECK_S_MAX`, and every yes stops the car: the loop may just be sending what it decided before.

    Attributes:
        stops: how often the car was stopped because of a silence.
    """

    def __init__(
        self,
        stop: Callable[[], object] | None,
        timeout_s: float,
        clock: Clock,
        must_stand: Callable[[], bool] = lambda: False,
    ) -> None:
        self._stop, self._clock, self._must_stand = stop, clock, must_stand
        self._silence = Silence(timeout_s, clock.monotonic_ns())
        self._check_s = min(timeout_s / CHECKS_PER_TIMEOUT, CHECK_S_MAX)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="copycar-watchdog", daemon=True)
        self.stops = 0

    def feed(self) -> None:
        """Say that the loop is alive."""
        self._silence.hear(self._clock.monotonic_ns())

    def __enter__(self) -> "Watchdog":
        self.feed()
        if self._stop:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._check_s):
            is_silent = self._silence.is_too_long(self._clock.monotonic_ns())
            self.stops += is_silent
            if self._stop and (is_silent or self._must_stand()):
                self._stop()
