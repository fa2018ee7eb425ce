"""What somebody who knows one game tells of it. Knows no game.

A guide is a class without arguments, or with those that a TOML file gives it (`guide_options`). It may also have
`expert()`, which returns who demonstrates; `again(play)`, which begins the drive anew without switching the machine
off; and `rescue(play)`, which puts the car back on its road, standing.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from copycar.core.frame import Image, Info
from copycar.environments.n64.pad import Pad

Play = Callable[[Sequence[Pad]], Image]
"""Holds these pads down, one per poll of the game, and returns the emulator's screen after the last one."""


class Guide(Protocol):
    """Knows one game."""

    def start(self, play: Play) -> None:
        """Press on from the switched-on machine to where the driving begins.

        Raises:
            CopycarError: the game is not where it should be.
        """

    def info(self, screen: Image, time_s: float) -> Info:
        """Return what the screen tells of the drive, by the names of `copycar.testing.check_environment.INFO_KEYS`.

        Args:
            screen: the emulator's whole screen, uint8 (H, W, 3).
            time_s: seconds of the game since the drive began; 0 at its start.
        """


def ability(guide: Any, name: str) -> Any:
    """Return what a guide may have or not; None where it has none."""
    return getattr(guide, name, None)
