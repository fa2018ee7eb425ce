"""What a wish of full left, straight on or a little throttle means to one car's servo and motor: `[calibration]`.

Applied last, on the way to the motors: what is recorded and learned is what the driver meant, on every car alike. A
simulator or a game has no motors to calibrate. Knows nothing of pulses and pins.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from copycar.core.config import Settings, build
from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.core.frame import Action
from copycar.core.toml import as_toml, read_toml

SECTION = "calibration"
FILE = "copycar.toml"


class Calibration(Settings):
    """One car's servo and motor; the usual values change nothing."""

    steering_centre: float = Field(default=0.0, ge=-0.5, le=0.5)
    """Where the wheels point straight on, of the servo's way; positive is right."""
    steering_left: float = Field(default=1.0, ge=0.2, le=1)
    """How far the servo goes to the left at steering -1, share of its way."""
    steering_right: float = Field(default=1.0, ge=0.2, le=1)
    """How far the servo goes to the right at steering +1, share of its way."""
    throttle_start: float = Field(default=0.0, ge=0, le=0.5)
    """Smallest throttle that moves the car: less than it is not used, but for standing."""
    throttle_forward: float = Field(default=1.0, ge=0.05, le=1)
    """What throttle +1 means to the motor."""
    throttle_reverse: float = Field(default=1.0, ge=0.05, le=1)
    """What throttle -1 means to the motor."""
    is_steering_reversed: bool = False
    """Whether the servo is built in the other way round."""
    is_throttle_reversed: bool = False
    """Whether the motor is wired the other way round."""

    def applied(self, action: Action) -> Action:
        """Return what goes to the motors for what the driver means.

        >>> Calibration(steering_centre=0.1, steering_right=0.9).applied(Action(0.5, 0.0))
        Action(steering=0.5, throttle=0.0)
        >>> Calibration(throttle_start=0.2, throttle_forward=0.6).applied(Action(0.0, 0.5)).throttle
        0.4
        """
        steering, throttle = self._steering(action.steering), self._throttle(action.throttle)
        return Action(
            -steering if self.is_steering_reversed else steering, -throttle if self.is_throttle_reversed else throttle
        )

    def _steering(self, wish: float) -> float:
        end = self.steering_right if wish > 0 else -self.steering_left
        return self.steering_centre + (end - self.steering_centre) * abs(wish)

    def _throttle(self, wish: float) -> float:
        if wish == 0:
            return 0.0
        most = max(self.throttle_forward if wish > 0 else self.throttle_reverse, self.throttle_start)
        size = self.throttle_start + (most - self.throttle_start) * abs(wish)
        return size if wish > 0 else -size


class Calibrator:
    """A car's calibration, changed while it drives and kept in its settings file.

    Args:
        file: TOML file, such as `copycar.toml`; it need not be there.

    Raises:
        CopycarError: the file's `[calibration]` cannot be used.

    Attributes:
        now: what is applied.
    """

    def __init__(self, file: Path) -> None:
        self._file, self._change = file, threading.Lock()
        self.now = self.saved()

    def applied(self, action: Action) -> Action:
        """Return what goes to the motors, as the calibration is at this moment."""
        return self.now.applied(action)

    def change(self, values: Mapping[str, Any]) -> None:
        """Change some values from the next tick on; the file stays.

        Raises:
            CopycarError: unknown names, or values out of range; nothing is changed then.
        """
        with self._change:
            self.now = build(Calibration, {**self.now.model_dump(), **values}, "the calibration")

    def save(self) -> None:
        """Write `[calibration]` into the file; the rest of it stays as it is.

        Raises:
            CopycarError: the file is damaged or cannot be written.
        """
        try:
            text = self._file.read_text("utf-8") if self._file.exists() else ""
            self.saved()  # a damaged file is not written over
            write_atomic(self._file, with_section(text, SECTION, self.now.model_dump()))
        except OSError as error:
            raise CopycarError(f"{self._file} cannot be written", error.strerror or str(error)) from error

    def saved(self) -> Calibration:
        """Return what the file says; the usual values where it says nothing.

        Raises:
            CopycarError: it cannot be used.
        """
        if not self._file.exists():
            return Calibration()
        return build(Calibration, read_toml(self._file).get(SECTION, {}), f"[{SECTION}] of {self._file}")


def with_section(text: str, section: str, values: Mapping[str, Any]) -> str:
    r"""Return a TOML file's text with one section replaced, or added at its end; all other lines stay.

    >>> print(with_section("[car]\na = 1\n[old]\nb = 2\n", "old", {"b": 3}), end="")
    [car]
    a = 1
    [old]
    b = 3
    """
    kept, inside = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("["):
            inside = line.split("#")[0].strip().strip("[]").strip() == section
        if not inside:
            kept.append(line)
    return "".join(f"{line}\n" for line in kept) + as_toml(section, values)
