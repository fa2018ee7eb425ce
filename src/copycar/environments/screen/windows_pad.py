"""A virtual Xbox 360 pad on Windows, through vgamepad and its ViGEm driver. Not tried on a real Windows yet."""

from typing import Any

from copycar.core.errors import DeviceError, require

BUTTON_NAMES = {
    "a": "XUSB_GAMEPAD_A",
    "b": "XUSB_GAMEPAD_B",
    "x": "XUSB_GAMEPAD_X",
    "y": "XUSB_GAMEPAD_Y",
    "lb": "XUSB_GAMEPAD_LEFT_SHOULDER",
    "rb": "XUSB_GAMEPAD_RIGHT_SHOULDER",
    "back": "XUSB_GAMEPAD_BACK",
    "start": "XUSB_GAMEPAD_START",
}


class WindowsPad:
    """See `VirtualPad`.

    Args:
        vgamepad: the module; given by tests.

    Raises:
        DeviceError: the driver does not answer.
    """

    def __init__(self, vgamepad: Any = None) -> None:
        self._module = vgamepad or require("vgamepad", "games")
        try:
            self._pad = self._module.VX360Gamepad()
        except Exception as error:  # vgamepad raises plain exceptions with the driver's words
            raise DeviceError("no virtual gamepad", str(error), "install the ViGEmBus driver, or use keys") from error

    def stick(self, x: float, y: float) -> None:
        """Move the left stick."""
        self._pad.left_joystick_float(x_value_float=x, y_value_float=y)

    def button(self, name: str, value: float) -> None:
        """Press a button or pull a trigger."""
        if name == "lt":
            self._pad.left_trigger_float(value_float=value)
        elif name == "rt":
            self._pad.right_trigger_float(value_float=value)
        else:
            change = self._pad.press_button if value > 0.5 else self._pad.release_button
            change(button=getattr(self._module.XUSB_BUTTON, BUTTON_NAMES[name]))

    def send(self) -> None:
        """Let the game see it."""
        self._pad.update()

    def close(self) -> None:
        """Let everything go."""
        self._pad.reset()
        self._pad.update()
