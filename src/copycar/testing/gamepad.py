"""A gamepad that is none: it says what it is told to. Knows nothing of driving."""

from collections.abc import Iterable, Iterator

from copycar.driving.gamepad.pad import Reading


class FakePad:
    """Says one reading after the other, and the last one for ever; None is the moment it is unplugged.

    Args:
        readings: in order.

    Attributes:
        is_open: whether nobody has let go of it.
    """

    name = "fake gamepad"

    def __init__(self, readings: Iterable[Reading | None]) -> None:
        self._readings: Iterator[Reading | None] = iter(readings)
        self._last: Reading | None = Reading()
        self.is_open = True

    def read(self) -> Reading | None:
        """Return the next reading."""
        self._last = next(self._readings, self._last)
        return self._last

    def close(self) -> None:
        """Note that it was let go of."""
        self.is_open = False


def stick(x: float = 0.0, *buttons: str, **axes: float) -> Reading:
    """Return a reading with the left stick at `x`, these buttons down, and more axes by name."""
    return Reading({"left_x": x, **axes}, frozenset(buttons))
