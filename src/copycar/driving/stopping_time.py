"""How long a car drives on when its driver has gone, taken at the last door before the motors. Stops nothing itself."""

from copycar.core.clock import Clock
from copycar.driving.hand import Hand


class StoppingTime:
    """Watches what the motors are told.

    Args:
        hand: the driver.
        clock: time.

    Attributes:
        latest_ms: from the last word of a driver who has gone (or from his leaving) to the throttle 0 that followed,
            milliseconds; None while nobody has gone from a driving car. In a world that stands still between steps it
            ends where the last step with throttle does: nothing moves there until the next one.
    """

    def __init__(self, hand: Hand, clock: Clock) -> None:
        self._hand, self._clock = hand, clock
        self._throttled_until_ns: int | None = None
        self.latest_ms: float | None = None

    def note(self, throttle: float, step_s: float | None) -> None:
        """Note what the motors are told now.

        Args:
            throttle: -1 … 1.
            step_s: how long a world that stands still between steps goes on with it; None where time runs by itself.
        """
        now_ns = self._clock.monotonic_ns()
        if throttle:
            self._throttled_until_ns = now_ns + round((step_s or 0.0) * 1e9)
            return
        if self._throttled_until_ns is not None and self._hand.is_lost():
            stood_ns = now_ns if step_s is None else self._throttled_until_ns
            self.latest_ms = max(0, stood_ns - self._hand.said().heard_ns) / 1e6
        self._throttled_until_ns = None
