"""Read single key presses from a terminal without waiting. Knows nothing of driving.

Keys have names: "up", "down", "left", "right", "space", and letters in lower case. Ctrl-C keeps interrupting.
"""

import atexit
import os
import re
import select
import sys
from collections.abc import Iterator
from typing import Protocol

from copycar.core.errors import CopycarError

# ECMA-48 cursor keys as a terminal sends them, in normal ("[") and application ("O") mode.
ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
# One key: an escape sequence (its last character is kept), or any single character.
KEY = re.compile("\x1b(?:\\[[0-9;]*|O)([A-Za-z~])|(.)", re.DOTALL)
# The start of an escape sequence whose rest is still under way.
TORN = re.compile("\x1b(?:\\[[0-9;]*|O)?$")
# Second character of the two that msvcrt.getwch gives for an arrow key.
WINDOWS_ARROWS = {"H": "up", "P": "down", "M": "right", "K": "left"}
READ_BYTES = 1024
STANDARD_INPUT = 0


class Terminal(Protocol):
    """Somewhere keys come from."""

    def keys(self) -> list[str]:
        """Return the names of the keys pressed since the last call, oldest first; never waits."""

    def close(self) -> None:
        """Put the terminal back as it was; may be called twice."""


def named_keys(text: str) -> Iterator[str]:
    r"""Yield the names of the keys in what a POSIX terminal sent.

    >>> list(named_keys("w\x1b[A \x1bOD"))
    ['w', 'up', 'space', 'left']
    """
    for escaped, plain in KEY.findall(text):
        if escaped:
            yield ARROWS.get(escaped, "")
        else:
            yield "space" if plain == " " else plain.lower()


if sys.platform == "win32":
    import msvcrt

    class KeyTerminal:
        """The Windows console."""

        def keys(self) -> list[str]:
            """Return the keys pressed since the last call."""
            pressed = []
            while msvcrt.kbhit():
                key = msvcrt.getwch()
                if key in ("\x00", "\xe0"):
                    pressed.append(WINDOWS_ARROWS.get(msvcrt.getwch(), ""))
                else:
                    pressed.append("space" if key == " " else key.lower())
            return pressed

        def close(self) -> None:
            """Do nothing: the console was not changed."""

else:
    import termios
    import tty

    class KeyTerminal:
        """A POSIX terminal that hands over every key at once and echoes none.

        Args:
            descriptor: file descriptor of the terminal.
        """

        def __init__(self, descriptor: int = STANDARD_INPUT) -> None:
            self._descriptor = descriptor
            self._torn = ""
            self._before = termios.tcgetattr(descriptor)
            atexit.register(self.close)  # whatever ends the program, nobody is left with a silent terminal
            tty.setcbreak(descriptor)

        def keys(self) -> list[str]:
            """Return the keys pressed since the last call."""
            text = self._torn
            while select.select([self._descriptor], [], [], 0)[0]:
                if not (some := os.read(self._descriptor, READ_BYTES)):
                    return ["q"]  # the terminal was hung up: nobody drives any more
                text += some.decode(errors="ignore")
            torn = TORN.search(text)
            whole = text[: torn.start()] if torn else text
            self._torn = text[len(whole) :]
            return list(named_keys(whole))

        def close(self) -> None:
            """Put the terminal back as it was."""
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)
            atexit.unregister(self.close)


def open_terminal() -> Terminal:
    """Take the terminal that copycar was started in.

    Raises:
        CopycarError: standard input is a pipe or a file.
    """
    if not sys.stdin.isatty():
        raise CopycarError(
            "the keyboard driver needs a terminal, but the standard input is none",
            "the input comes from a pipe, a file or a background job",
            "start copycar in a terminal, or choose another driver: --driver expert",
        )
    return KeyTerminal()
