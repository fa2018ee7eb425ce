"""Keep a steady rate and measure it. Knows nothing of what happens in a tick."""

from dataclasses import dataclass

from copycar.core.clock import Clock
from copycar.driving.durations import Durations


@dataclass(frozen=True, slots=True)
class PaceReport:
    """How steadily the ticks came.

    Attributes:
        rate_hz: ticks per second of the clock; None before the second tick.
        jitter_ms: p50 and p95 of |tick interval - wanted interval|; None where no rate was wanted.
        late_ticks: ticks that began after the moment they were due and so could not be waited for.
    """

    rate_hz: float | None
    jitter_ms: dict[str, float | None]
    late_ticks: int


class Pace:
    """Waits for the next tick.

    Ticks are due at fixed moments from the first one on, so that small delays do not add up. A tick that comes more
    than one period late moves the moments: what was missed is not caught up by driving faster.

    Args:
        rate_hz: ticks per second; None never waits and only measures.
        clock: what to wait on.
    """

    def __init__(self, rate_hz: float | None, clock: Clock) -> None:
        self._period_ns = round(1e9 / rate_hz) if rate_hz else None
        self._clock = clock
        self._first_ns = self._last_ns = self._due_ns = clock.monotonic_ns()
        self._ticks = self._late_ticks = 0
        self._jitter = Durations()

    def wait(self) -> None:
        """Return when the next tick is due."""
        if self._period_ns:
            self._sleep_until_due(self._period_ns)
        now_ns = self._clock.monotonic_ns()
        if self._period_ns:
            self._jitter.add(abs(now_ns - self._last_ns - self._period_ns))
        self._last_ns = now_ns
        self._ticks += 1

    def report(self) -> PaceReport:
        """Return the figures so far."""
        driven_ns = self._last_ns - self._first_ns
        rate_hz = self._ticks * 1e9 / driven_ns if driven_ns else None
        return PaceReport(rate_hz, self._jitter.percentiles_ms(), self._late_ticks)

    def _sleep_until_due(self, period_ns: int) -> None:
        self._due_ns += period_ns
        early_ns = self._due_ns - self._clock.monotonic_ns()
        if early_ns >= 0:
            self._clock.sleep(early_ns / 1e9)
            return
        self._late_ticks += 1
        if -early_ns > period_ns:
            self._due_ns -= early_ns
