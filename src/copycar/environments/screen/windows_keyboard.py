"""The keyboard of Windows, through `keybd_event` and `GetAsyncKeyState` of user32. Not tried on a real Windows yet."""

import ctypes
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean

CODES = {
    "Left": 0x25,
    "Up": 0x26,
    "Right": 0x27,
    "Down": 0x28,
    "space": 0x20,
    "Return": 0x0D,
    "Escape": 0x1B,
    "Shift_L": 0xA0,
    "Control_L": 0xA2,
    "Tab": 0x09,
    **{chr(letter + 32): letter for letter in range(ord("A"), ord("Z") + 1)},
    **{str(digit): 0x30 + digit for digit in range(10)},
    **{f"F{number}": 0x6F + number for number in range(1, 13)},
}
"""Names as in X, to Windows' virtual key codes."""

_KEY_UP = 2


class WindowsKeyboard:
    """Presses and reads the keys of the desktop.

    Args:
        user32: the system's library; given by tests.
    """

    def __init__(self, user32: Any = None) -> None:
        self._user32 = user32 or ctypes.WinDLL("user32")  # type: ignore[attr-defined, unused-ignore]
        self._watched: set[str] = set()

    def press(self, key: str) -> None:
        """Press a key and hold it."""
        self._user32.keybd_event(_code(key), 0, 0, 0)

    def release(self, key: str) -> None:
        """Let a key go."""
        self._user32.keybd_event(_code(key), 0, _KEY_UP, 0)

    def watch(self, *keys: str) -> None:
        """Add keys that `down` looks at."""
        for key in keys:
            _code(key)
        self._watched |= set(keys)

    def down(self) -> frozenset[str]:
        """Return which of the watched keys are down."""
        return frozenset(key for key in self._watched if self._user32.GetAsyncKeyState(_code(key)) & 0x8000)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def _code(key: str) -> int:
    if key not in CODES:
        raise CopycarError(f"there is no key {key!r}", fix=did_you_mean(key, CODES))
    return CODES[key]
