"""Gamepads through pygame (SDL): Xbox, PlayStation and generic ones under the same names. Knows nothing of driving.

SDL knows the layout of several hundred makes. One that it does not know is read by number: axes 0 and 1 are the left
stick, 2 and 3 the right one, buttons 0 to 7 are `BUTTONS` in order.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from copycar.core.errors import DeviceError, require
from copycar.driving.gamepad.pad import AXES, BUTTONS, Reading

FULL = 32767.0
"""SDL's largest axis value."""

VIDEO = "SDL_VIDEODRIVER"
"""Tells SDL where to draw, in this process and in those that it starts."""

_SDL_AXES = dict(zip(AXES, range(6), strict=True))  # SDL_GameControllerAxis is in this order
_SDL_BUTTONS = {"a": 0, "b": 1, "x": 2, "y": 3, "back": 4, "start": 6, "left_shoulder": 9, "right_shoulder": 10}
"""SDL_GameControllerButton."""


class KnownPad:
    """A pad whose layout SDL knows.

    Args:
        controller: `pygame._sdl2.controller.Controller`, or alike.
        pump: asks the system for news; called before every reading.
    """

    def __init__(self, controller: Any, pump: Any) -> None:
        self._controller, self._pump = controller, pump
        self.name = str(controller.name)

    def read(self) -> Reading | None:
        """Return what it says now."""
        self._pump()
        if not self._controller.attached():
            return None
        axes = {name: self._controller.get_axis(number) / FULL for name, number in _SDL_AXES.items()}
        down = frozenset(name for name, number in _SDL_BUTTONS.items() if self._controller.get_button(number))
        return Reading(axes, down)

    def close(self) -> None:
        """Let go of it."""
        self._controller.quit()


class GenericPad:
    """A pad whose layout nobody knows, read by number.

    Args:
        joystick: `pygame.joystick.Joystick`, or alike.
        pump: asks the system for news; called before every reading.
        is_there: whether it is still plugged in.
    """

    def __init__(self, joystick: Any, pump: Any, is_there: Any) -> None:
        self._joystick, self._pump, self._is_there = joystick, pump, is_there
        self.name = str(joystick.get_name())

    def read(self) -> Reading | None:
        """Return what it says now."""
        self._pump()
        if not self._is_there():
            return None
        n_axes, n_buttons = self._joystick.get_numaxes(), self._joystick.get_numbuttons()
        axes = {name: self._joystick.get_axis(number) for number, name in enumerate(AXES[:4]) if number < n_axes}
        pressed = (
            name for number, name in enumerate(BUTTONS) if number < n_buttons and self._joystick.get_button(number)
        )
        return Reading(axes, frozenset(pressed))

    def close(self) -> None:
        """Let go of it."""
        self._joystick.quit()


def open_pad() -> KnownPad | GenericPad:
    """Return the first gamepad that is plugged in.

    Raises:
        CopycarError: the extra [games] is missing.
        DeviceError: there is none.
    """
    pygame = _started()
    if pygame.joystick.get_count() == 0:
        raise DeviceError(
            "no gamepad is plugged in",
            "neither Xbox, PlayStation nor another one was found",
            "plug one in (on Linux your user needs to read /dev/input), or drive with --driver keyboard",
        )
    from pygame._sdl2 import controller  # noqa: PLC0415 - an extra

    controller.init()
    if controller.is_controller(0):
        return KnownPad(controller.Controller(0), pygame.event.pump)
    return GenericPad(pygame.joystick.Joystick(0), pygame.event.pump, lambda: pygame.joystick.get_count() > 0)


def _started() -> Any:
    """Return pygame with its gamepads on, and without a window, a sound or a word."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    os.environ.setdefault("SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS", "1")  # the game has the focus, not we
    pygame = require("pygame", "games")
    with _without_a_window():
        pygame.display.init()  # events need a video system
    pygame.joystick.init()
    return pygame


@contextmanager
def _without_a_window() -> Iterator[None]:
    """Let SDL draw nowhere while it starts here; a game that is started afterwards draws where it would."""
    is_chosen = VIDEO in os.environ
    os.environ.setdefault(VIDEO, "dummy")
    try:
        yield
    finally:
        if not is_chosen:
            del os.environ[VIDEO]
