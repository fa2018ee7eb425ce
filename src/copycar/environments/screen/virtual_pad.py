"""A gamepad that is moved by a program; games take it for a real one. Knows nothing of driving."""

import sys
from typing import Protocol

BUTTONS = ("a", "b", "x", "y", "lb", "rb", "back", "start")
TRIGGERS = ("lt", "rt")


class VirtualPad(Protocol):
    """An Xbox pad without a person."""

    def stick(self, x: float, y: float) -> None:
        """Move the left stick: x positive to the right, y positive up, -1 … 1."""

    def button(self, name: str, value: float) -> None:
        """Press one of `BUTTONS` (0 or 1) or pull one of `TRIGGERS` (0 … 1)."""

    def send(self) -> None:
        """Let the game see all that was moved."""

    def close(self) -> None:
        """Unplug it."""


def open_virtual_pad() -> VirtualPad:
    """Plug in a virtual gamepad.

    Raises:
        DeviceError: this system has none.
        CopycarError: the extra [games] is missing.
    """
    if sys.platform == "win32":
        from copycar.environments.screen.windows_pad import WindowsPad  # noqa: PLC0415

        return WindowsPad()
    from copycar.environments.screen.uinput_pad import UinputPad  # noqa: PLC0415 - Linux

    return UinputPad()
