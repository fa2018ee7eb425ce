"""What is held down on a controller. Knows nothing of who holds it or who asks.

Names, signs and ranges are those of mupen64plus-input-bot's JSON: axes -128 … 127, of which games use about ±80, X
positive to the right and Y positive up; buttons 0 or 1.
"""

import json
from dataclasses import dataclass

from copycar.core.errors import CopycarError, did_you_mean

BUTTONS = (
    "A_BUTTON", "B_BUTTON", "START_BUTTON", "Z_TRIG", "L_TRIG", "R_TRIG",
    "U_CBUTTON", "D_CBUTTON", "L_CBUTTON", "R_CBUTTON", "U_DPAD", "D_DPAD", "L_DPAD", "R_DPAD",
)  # fmt: skip

STICK = 80
"""How far a real stick goes, in the axes' own units."""


@dataclass(frozen=True, slots=True)
class Pad:
    """One moment of a controller.

    Attributes:
        x, y: of the stick, -128 … 127.
        buttons: those that are down.

    Raises:
        CopycarError: a button that no controller has.
    """

    x: int = 0
    y: int = 0
    buttons: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for button in self.buttons:
            if button not in BUTTONS:
                raise CopycarError(f"an N64 controller has no {button!r}", fix=did_you_mean(button, BUTTONS))

    def as_json(self) -> str:
        """Return the JSON object that the emulator's plugin reads."""
        pressed = {button: int(button in self.buttons) for button in BUTTONS}
        return json.dumps({"X_AXIS": self.x, "Y_AXIS": self.y, **pressed})


def held(*buttons: str, x: int = 0, y: int = 0) -> Pad:
    """Return a pad with these buttons down.

    >>> held("A_BUTTON", x=-80).as_json()[:45]
    '{"X_AXIS": -80, "Y_AXIS": 0, "A_BUTTON": 1, "'
    """
    return Pad(x, y, frozenset(buttons))


NOTHING = Pad()
