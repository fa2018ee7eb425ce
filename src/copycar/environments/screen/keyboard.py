"""A keyboard that is pressed by a program, and asked what a person presses. Knows nothing of driving."""

import sys
from typing import Any, Protocol

from copycar.core.errors import CopycarError, DeviceError, require


class Keyboard(Protocol):
    """Presses keys for a game and tells which are down."""

    def press(self, key: str) -> None:
        """Press a key and hold it."""

    def release(self, key: str) -> None:
        """Let a key go."""

    def down(self) -> frozenset[str]:
        """Return the names of all keys of `watched` that are down, whoever holds them."""

    def watch(self, *keys: str) -> None:
        """Add keys that `down` looks at.

        Raises:
            CopycarError: there is no such key.
        """

    def close(self) -> None:
        """Let go of the keyboard."""


class XKeyboard:
    """The keyboard of an X display, through its test extension (XTEST).

    Args:
        display: its name; "" is where this program runs.

    Raises:
        DeviceError: no such display.
    """

    def __init__(self, display: str = "") -> None:
        self._x = open_x(display)
        self._codes: dict[str, int] = {}

    def press(self, key: str) -> None:
        """Press a key and hold it."""
        self._fake(2, key)  # X.KeyPress

    def release(self, key: str) -> None:
        """Let a key go."""
        self._fake(3, key)  # X.KeyRelease

    def watch(self, *keys: str) -> None:
        """Add keys that `down` looks at."""
        for key in keys:
            self._code(key)

    def down(self) -> frozenset[str]:
        """Return which of the watched keys are down."""
        bits = self._x.query_keymap()
        return frozenset(key for key, code in self._codes.items() if bits[code // 8] >> code % 8 & 1)

    def close(self) -> None:
        """Let go of the display."""
        self._x.close()

    def _fake(self, kind: int, key: str) -> None:
        from Xlib.ext import xtest  # noqa: PLC0415 - an extra, and only under X

        xtest.fake_input(self._x, kind, self._code(key))
        self._x.sync()

    def _code(self, key: str) -> int:
        if key not in self._codes:
            from Xlib import XK  # noqa: PLC0415 - an extra, and only under X

            code = self._x.keysym_to_keycode(XK.string_to_keysym(key))
            if not code:
                raise CopycarError(
                    f"there is no key {key!r}", fix="names are those of X: Left, Up, space, Return, w, F8"
                )
            self._codes[key] = code
        return self._codes[key]


def open_x(display: str) -> Any:
    """Return a connection to an X display.

    Raises:
        DeviceError: there is none of that name.
    """
    require("Xlib", "games")
    from Xlib import display as displays  # noqa: PLC0415 - an extra, and only under X
    from Xlib.error import DisplayError  # noqa: PLC0415

    try:
        return displays.Display(display or None)
    except (DisplayError, OSError) as error:
        raise DeviceError(
            f"there is no X display {display or '($DISPLAY)'}",
            str(error),
            'name the game\'s: display = ":1"; without a screen start one: Xvfb :1 -screen 0 640x480x24',
        ) from error


def open_keyboard(display: str) -> Keyboard:
    """Return the keyboard of this system.

    Raises:
        DeviceError: there is no screen.
        CopycarError: neither X nor Windows.
    """
    if sys.platform == "win32":
        from copycar.environments.screen.windows_keyboard import WindowsKeyboard  # noqa: PLC0415

        return WindowsKeyboard()
    return XKeyboard(display)
