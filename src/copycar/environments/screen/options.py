"""What a user can set about a game on the screen. Knows nothing of screens, keys or pads."""

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from copycar.core.config import Settings, build
from copycar.core.toml import read_toml
from copycar.environments.hud import Rectangle

DRAG = "drag"
SHIPPED = {"tensorkart": "tensorkart.toml", "mario-kart-64": "mario-kart-64.toml"}
"""Names of settings that copycar brings."""


class Keys(Settings):
    """Which keys the game is driven with, by their names in X (`Left`, `space`, `w`)."""

    left: str = "Left"
    """Steers to the left."""

    right: str = "Right"
    """Steers to the right."""

    gas: str = "Up"
    """Drives."""

    brake: str = "Down"
    """Brakes or reverses."""


class Pad(Settings):
    """How a virtual gamepad is used."""

    stick: float = Field(default=1.0, gt=0, le=1)
    """How far the stick goes at full steering; a Nintendo 64's own ends at 80 of 127."""

    gas: str = "a"
    """Button of the throttle: `a`, `b`, `x`, `y`, `lb`, `rb`, or a trigger, `lt`, `rt`, which takes it by degrees."""

    brake: str = "x"
    """Button of the brake."""


class ScreenOptions(Settings):
    """Options of `screen:<window title>`, or keys of the TOML file in `screen:file.toml`."""

    window: str = ""
    """Part of the title of the game's window; it is followed when it moves."""

    region: Rectangle | None = None
    """A part of the screen instead, or of the window where one is named."""

    drag: bool = False
    """Whether to draw the region with the mouse when the drive begins."""

    display: str = ""
    """The X display that the game is on, such as `:1`; default: where copycar runs."""

    width: int = Field(default=160, ge=16, le=1920)
    """Width of the pictures in pixels."""

    height: int = Field(default=120, ge=12, le=1200)
    """Height of the pictures in pixels."""

    rate_hz: float = Field(default=30.0, ge=1, le=120)
    """Pictures per second."""

    controls: Literal["keys", "gamepad", "none"] = "keys"
    """What the game is driven with."""

    keys: Keys = Keys()
    """The keys."""

    pad: Pad = Pad()
    """The virtual gamepad."""

    pulse_s: float = Field(default=1 / 30, ge=0.005, le=0.5)
    """Shortest press of a key; between them half a steering is a key held half of the time.

    Longer for a game that turns its wheel slowly while a key is held: SuperTuxKart wants 0.2.
    """

    hud: tuple[Rectangle, ...] = ()
    """Parts of the picture, in its own pixels, to make black: maps, scores, dials."""

    restart: tuple[str, ...] = ()
    """Keys to press, one after the other, when a drive begins; `wait:1.5` waits so many seconds."""

    @model_validator(mode="after")
    def _says_where(self) -> "ScreenOptions":
        if not (self.window or self.region or self.drag):
            raise ValueError("say where the game is: window, region or drag")
        return self


def options_for(name: str, more: dict[str, Any]) -> ScreenOptions:
    """Return the options for what follows `screen:`: a TOML file, a shipped one's name, `drag`, or a window's title.

    Raises:
        CopycarError: no such file, or faults in it, all at once.
    """
    if name.endswith(".toml"):
        told = read_toml(Path(name))
    elif name in SHIPPED:
        told = read_toml(Path(str(files("copycar.environments.screen") / SHIPPED[name])))
    else:
        told = {"drag": True} if name == DRAG else {"window": name}
    return build(ScreenOptions, {**told, **more}, f"screen:{name}")
