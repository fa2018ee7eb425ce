"""How to drive a gymnasium environment that was not made for copycar: which picture, and which numbers to press.

Knows nothing of gymnasium itself. What a user writes is a TOML file; what copycar ships is one too.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from copycar.core.config import Settings, build
from copycar.core.frame import Action
from copycar.core.toml import read_toml
from copycar.environments.hud import Rectangle

SHIPPED = {"CarRacing-": "car-racing.toml"}
"""Beginning of an id to the mapping that copycar has for it."""


class Part(Settings):
    """One number of the game's action."""

    of: Literal["steering", "throttle", "gas", "brake", "nothing"]
    """Whose value it takes: `gas` is the throttle's positive part, `brake` its negative part as a positive number."""

    scale: float = 1.0
    """Times this; -1 where the game steers the other way round."""

    offset: float = 0.0
    """Plus this."""

    def value(self, action: Action) -> float:
        """Return the number for `action`.

        >>> Part(of="brake", scale=0.5).value(Action(steering=0.2, throttle=-0.6))
        0.3
        """
        values = {
            "steering": action.steering,
            "throttle": action.throttle,
            "gas": max(action.throttle, 0.0),
            "brake": max(-action.throttle, 0.0),
            "nothing": 0.0,
        }
        return self.scale * values[self.of] + self.offset


STEERING_AND_THROTTLE = (Part(of="steering"), Part(of="throttle"))


class Mapping(Settings):
    """What a TOML file for `gym:file.toml` may say."""

    id: str
    """The gymnasium id, such as `CarRacing-v3`."""

    make: dict[str, Any] = Field(default_factory=dict)
    """Arguments for `gymnasium.make`."""

    picture: Literal["observation", "render"] = "observation"
    """Where the picture comes from; `render` draws it with `render_mode="rgb_array"`."""

    key: str = ""
    """Which part of the observation is the picture, where it has several."""

    hud: tuple[Rectangle, ...] = ()
    """Parts of the picture to make black: a learner must not read the answer off a dial."""

    action: tuple[Part, ...] = STEERING_AND_THROTTLE
    """The game's action, one part for each of its numbers."""

    repeat: int = Field(default=1, ge=1, le=100)
    """Steps of the game for each of ours."""

    rate_hz: float | None = Field(default=None, gt=0, le=1000)
    """Steps of the game per second; default: what it says itself (`render_fps`), else 20."""

    ends: bool = True
    """Whether the game's own end ends the drive; else the drive goes on, and the reward of the episode stands."""

    guide: str = ""
    """`module:Class` or `file.py:Class` that knows the game's road: expert, laps, rescue (see `gym_id.guide`)."""

    def command(self, action: Action, like: NDArray[Any]) -> NDArray[Any]:
        """Return the game's action, of the type of `like`, its lowest allowed action."""
        return np.array([part.value(action) for part in self.action], dtype=like.dtype)


def mapping_for(name: str) -> Mapping:
    """Return the mapping for what follows `gym:`: a TOML file, or an id.

    Raises:
        CopycarError: no such file, or faults in it, all at once.
    """
    if name.endswith(".toml"):
        return build(Mapping, read_toml(Path(name)), name)
    shipped = next((file for start, file in SHIPPED.items() if name.startswith(start)), None)
    if shipped is None:
        return Mapping(id=name)
    return build(Mapping, {**read_toml(shipped_path(shipped)), "id": name}, shipped)


def shipped_path(file: str) -> Path:
    """Return where a mapping that copycar ships lies."""
    return Path(str(files("copycar.environments.gym_id") / file))
