"""How a gamepad is used: which stick steers, how it is calibrated. Knows nothing of where readings come from."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from copycar.core.config import Settings, build
from copycar.core.frame import Action
from copycar.core.toml import as_toml, read_toml
from copycar.driving.gamepad.pad import Axis, Button, Reading


class Range(Settings):
    """What an axis really says."""

    low: float = -1.0
    """At its lower end."""

    centre: float = 0.0
    """At rest."""

    high: float = 1.0
    """At its upper end."""

    def normalised(self, raw: float, dead_zone: float) -> float:
        """Return -1 … 1: 0 within the dead zone round the centre, and growing from 0 at its edge.

        >>> Range(low=-0.8, centre=0.1, high=0.9).normalised(0.9, 0.1)
        1.0
        >>> Range().normalised(0.09, 0.1), round(Range().normalised(-0.55, 0.1), 6)
        (0.0, -0.5)
        """
        reach = (self.high - self.centre) if raw > self.centre else (self.centre - self.low)
        share = min(abs(raw - self.centre) / reach, 1.0) if reach > 0 else 0.0
        beyond = max(0.0, share - dead_zone) / (1.0 - dead_zone)
        return beyond if raw > self.centre else -beyond


class GamepadSettings(Settings):
    """What a TOML file for a gamepad may say."""

    steering: Axis = "left_x"
    """Axis that steers."""

    throttle: Axis | Literal["triggers", "buttons"] = "triggers"
    """Axis of the throttle, up is forward; or both triggers, right is forward; or the buttons."""

    gas: Button = "a"
    """Drives at full throttle where the throttle is `buttons`, and as well where it is not."""

    brake: Button = "x"
    """Brakes, likewise."""

    take_over: Button = "left_shoulder"
    """While it is held, the person drives and the policy does not."""

    leave: Button = "back"
    """Ends the drive."""

    dead_zone: float = Field(default=0.08, ge=0, le=0.5)
    """Share of an axis' way round its centre that counts as rest."""

    gain: float = Field(default=1.0, gt=0, le=4)
    """Steering times this, within -1 … 1."""

    calibration: dict[Axis, Range] = Field(default_factory=dict)
    """What each axis really says, by axis; `copycar gamepad --calibrate` measures it."""

    def action(self, reading: Reading) -> Action:
        """Return steering and throttle of a reading."""
        steering = self.gain * self._axis(reading, self.steering)
        return Action(steering, self._throttle(reading)).clipped()

    def _throttle(self, reading: Reading) -> float:
        pressed = float(self.gas in reading.buttons) - float(self.brake in reading.buttons)
        if self.throttle == "buttons" or pressed:
            return pressed
        if self.throttle == "triggers":
            return self._axis(reading, "right_trigger") - self._axis(reading, "left_trigger")
        return -self._axis(reading, self.throttle)

    def _axis(self, reading: Reading, axis: Axis) -> float:
        usual = Range(low=0.0, centre=0.0, high=1.0) if axis.endswith("trigger") else Range()
        return self.calibration.get(axis, usual).normalised(reading.axes.get(axis, 0.0), self.dead_zone)


def load_settings(path: Path) -> GamepadSettings:
    """Read a gamepad's settings.

    Raises:
        CopycarError: no such file, or faults in it, all at once.
    """
    return build(GamepadSettings, read_toml(path), str(path))


def as_text(settings: GamepadSettings) -> str:
    """Return settings as TOML."""
    return as_toml("", settings.model_dump(mode="json"))
