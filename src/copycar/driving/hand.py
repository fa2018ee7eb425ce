"""What a person's hand said last, from however far away, and whether that still counts. Knows nothing of devices.

A hand that falls silent (the socket is lost, the tab is hidden, the phone sleeps) must not go on driving, nor may one
that looks at an old picture. `Hand` is written by one thread and read by the drive loop's.
"""

from dataclasses import dataclass

from copycar.core.clock import Clock
from copycar.core.frame import STOP, Action

SILENCE_S_MAX = 0.2
"""A hand that said nothing for so long is lost.

With a tick of at most 0.1 s (10 Hz) after it, or the watchdog's next look where ticks are slower, the throttle is 0
within 0.3 s; pages speak 30 times a second, so that six messages in a row must be lost.
"""

PICTURE_S_MAX = 0.5
"""A picture older than that is no ground to drive on: the limit that `copycar.driving.safety` has for policies."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a hand.

    Attributes:
        action: -1 … +1 of the stick's way; steering positive to the right.
        is_touching: whether somebody holds the stick: touching it takes over from a policy.
        number: the sender's own count, to measure the way there and back.
        heard_ns: when it came, or when the person left, monotonic ns.
        seen_ns: capture time of the newest picture that the person had seen; None before the first.
    """

    action: Action = STOP
    is_touching: bool = False
    number: int = 0
    heard_ns: int = 0
    seen_ns: int | None = None

    def is_lost(self, now_ns: int) -> bool:
        """Return whether this message is too old to drive by, or was said on too old a picture."""
        if self.seen_ns is None or now_ns - self.heard_ns > SILENCE_S_MAX * 1e9:
            return True
        return now_ns - self.seen_ns > PICTURE_S_MAX * 1e9


NOTHING = Said()


class Hand:
    """The latest message of one person.

    Args:
        clock: time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._said = NOTHING

    def say(self, action: Action, *, is_touching: bool, number: int, seen_ns: int | None) -> None:
        """Take one message; an action that is no number counts as standing still."""
        action = action.clipped() if action.is_finite else STOP
        self._said = Said(action, is_touching, number, self._clock.monotonic_ns(), seen_ns)

    def let_go(self) -> None:
        """Forget the person: nobody drives any more."""
        self._said = Said(heard_ns=self._clock.monotonic_ns())

    def said(self) -> Said:
        """Return the latest message."""
        return self._said

    def is_lost(self) -> bool:
        """Return whether nobody drives."""
        return self._said.is_lost(self._clock.monotonic_ns())
