"""A virtual Xbox 360 pad on Linux, through the kernel's uinput. Knows nothing of driving.

Written with `ioctl` because the packages that wrap it have to be compiled where they are installed. Numbers: the
kernel's `uapi/linux/uinput.h` and `uapi/linux/input-event-codes.h`; identity and axes: those of its `xpad` driver.
"""

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from copycar.core.errors import DeviceError

DEVICE = Path("/dev/uinput")

UI_SET_EVBIT, UI_SET_KEYBIT, UI_SET_ABSBIT = 0x40045564, 0x40045565, 0x40045567
UI_DEV_SETUP, UI_ABS_SETUP, UI_DEV_CREATE, UI_DEV_DESTROY = 0x405C5503, 0x401C5504, 0x5501, 0x5502
EV_SYN, EV_KEY, EV_ABS = 0, 1, 3

KEYS = {"a": 0x130, "b": 0x131, "x": 0x133, "y": 0x134, "lb": 0x136, "rb": 0x137, "back": 0x13A, "start": 0x13B}
AXES = {"x": 0, "y": 1, "lt": 2, "rx": 3, "ry": 4, "rt": 5}
STICK_MOST, TRIGGER_MOST = 32767, 255

IDENTITY = struct.pack("<HHHH80sI", 3, 0x045E, 0x028E, 0x0110, b"copycar virtual gamepad", 0)

Control = Callable[[int, int, Any], Any]


class UinputPad:
    """See `VirtualPad`.

    Args:
        device: the kernel's file.
        control: `fcntl.ioctl`; given by tests.

    Raises:
        DeviceError: the kernel has no uinput, or this user may not use it.
    """

    def __init__(self, device: Path = DEVICE, control: Control | None = None) -> None:
        self._control = control or _ioctl()
        try:
            self._file = os.open(device, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            raise DeviceError(
                f"cannot make a virtual gamepad with {device}",
                error.strerror or str(error),
                'sudo modprobe uinput, and let your user write to it; or drive with keys: controls = "keys"',
            ) from error
        self._describe()

    def stick(self, x: float, y: float) -> None:
        """Move the left stick; the kernel's y is positive down."""
        self._event(EV_ABS, AXES["x"], round(x * STICK_MOST))
        self._event(EV_ABS, AXES["y"], round(-y * STICK_MOST))

    def button(self, name: str, value: float) -> None:
        """Press a button or pull a trigger."""
        if name in KEYS:
            self._event(EV_KEY, KEYS[name], int(value > 0.5))
        else:
            self._event(EV_ABS, AXES[name], round(value * TRIGGER_MOST))

    def send(self) -> None:
        """Let the game see it."""
        self._event(EV_SYN, 0, 0)

    def close(self) -> None:
        """Unplug it; harmless twice."""
        if self._file >= 0:
            self._control(self._file, UI_DEV_DESTROY, 0)
            os.close(self._file)
            self._file = -1

    def _describe(self) -> None:
        for kind in (EV_KEY, EV_ABS):
            self._control(self._file, UI_SET_EVBIT, kind)
        for code in KEYS.values():
            self._control(self._file, UI_SET_KEYBIT, code)
        for name, code in AXES.items():
            self._control(self._file, UI_SET_ABSBIT, code)
            least, most = (0, TRIGGER_MOST) if name in ("lt", "rt") else (-STICK_MOST - 1, STICK_MOST)
            # code, padding, value, minimum, maximum, fuzz, flat, resolution
            self._control(self._file, UI_ABS_SETUP, struct.pack("<HHiiiiii", code, 0, 0, least, most, 0, 0, 0))
        self._control(self._file, UI_DEV_SETUP, IDENTITY)
        self._control(self._file, UI_DEV_CREATE, 0)

    def _event(self, kind: int, code: int, value: int) -> None:
        os.write(self._file, struct.pack("@llHHi", 0, 0, kind, code, value))  # the kernel fills the time in


def _ioctl() -> Control:
    from fcntl import ioctl  # noqa: PLC0415 - Windows has no fcntl

    return ioctl
