"""What a person sets while driving, besides the stick: who drives, how fast at most. Knows nothing of devices."""

from dataclasses import dataclass, replace
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import Action

MODES = ("manual", "assisted", "autonomous")
"""A human drives; a policy steers and the human gives throttle; a policy does both."""


@dataclass(frozen=True, slots=True)
class Controls:
    """The settings of a drive; a changed one is a new one.

    Attributes:
        mode: one of `MODES`.
        throttle_max: 0 … 1, what the full way of the stick means, and the most that a policy gets.
        throttle_scale: 0 … 2, a policy's throttle is multiplied by it.
        is_constant_throttle: a human who gives no throttle gives `throttle_max`, so that he only steers.
        is_stopped: the emergency stop is pressed: throttle 0 until it is released.
        behavior: the state that a human declares, recorded beside every frame; "" for none.
    """

    mode: str = "manual"
    throttle_max: float = 0.5
    throttle_scale: float = 1.0
    is_constant_throttle: bool = False
    is_stopped: bool = False
    behavior: str = ""

    def changed(self, **wanted: Any) -> "Controls":
        """Return the settings with some of them changed.

        Raises:
            CopycarError: an unknown mode, or a number out of range.
        """
        new = replace(self, **wanted)
        if new.mode not in MODES:
            raise CopycarError(f"unknown mode {new.mode!r}", fix=did_you_mean(new.mode, MODES))
        for name, value, most in (("throttle_max", new.throttle_max, 1), ("throttle_scale", new.throttle_scale, 2)):
            if not 0 <= value <= most:  # NaN is refused as well
                raise CopycarError(f"{name} {value} is out of range", fix=f"give 0 … {most}")
        return new

    def of_human(self, stick: Action) -> Action:
        """Return what a human's stick means: its throttle is a share of `throttle_max`.

        >>> Controls(throttle_max=0.4).of_human(Action(-1.0, 0.5))
        Action(steering=-1.0, throttle=0.2)
        >>> Controls(throttle_max=0.4, is_constant_throttle=True).of_human(Action(0.0, 0.0)).throttle
        0.4
        """
        wish = 1.0 if self.is_constant_throttle and stick.throttle == 0 else stick.throttle
        return Action(stick.steering, wish * self.throttle_max)

    def of_policy(self, wish: Action) -> Action:
        """Return what a policy's wish means: scaled, and at most `throttle_max` in either direction."""
        throttle = wish.throttle * self.throttle_scale
        return Action(wish.steering, min(max(throttle, -self.throttle_max), self.throttle_max))
