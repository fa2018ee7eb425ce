"""What a gamepad says at one moment, in names that every make shares. Knows no library and no driving."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

Axis = Literal["left_x", "left_y", "right_x", "right_y", "left_trigger", "right_trigger"]
"""Sticks: -1 … 1, right and down positive; triggers: 0 … 1."""

Button = Literal["a", "b", "x", "y", "left_shoulder", "right_shoulder", "back", "start"]
"""By place, as on an Xbox pad: `a` is the lowest of the four (a PlayStation's cross), `x` the left one (its square)."""

AXES: tuple[str, ...] = get_args(Axis)
BUTTONS: tuple[str, ...] = get_args(Button)


@dataclass(frozen=True, slots=True)
class Reading:
    """One moment.

    Attributes:
        axes: of `AXES`, raw: not centred, no dead zone.
        buttons: those that are down.
    """

    axes: Mapping[str, float] = field(default_factory=dict)
    buttons: frozenset[str] = frozenset()


class Pad(Protocol):
    """A gamepad that is plugged in."""

    name: str
    """What its maker calls it."""

    def read(self) -> Reading | None:
        """Return what it says now; None when it was unplugged."""

    def close(self) -> None:
        """Let go of it."""
