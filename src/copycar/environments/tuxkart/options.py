"""Everything a user can set about a race, and how a drive starts. Knows nothing of how it is driven or drawn."""

from typing import Literal

from pydantic import Field

from copycar.core.config import Settings


class TuxkartOptions(Settings):
    """Options of `make_environment("tuxkart:lighthouse", **options)`, and what `tuxkart:race.toml` may say."""

    track: str
    """The game's name of the track, such as `lighthouse`."""

    width: int = Field(default=160, ge=16, le=1920)
    """Width of the picture in pixels."""

    height: int = Field(default=120, ge=12, le=1080)
    """Height of the picture in pixels."""

    supersample: Literal[1, 2, 4] = 2
    """The game draws this many times larger; the picture is the average, and `render()` the large one."""

    pictures: bool = True
    """False: physics only. Observations then have no "image" at all."""

    rate_hz: float = Field(default=20.0, ge=5, le=120)
    """Steps per second of the game's time."""

    kart: str = "tux"
    """The game's name of the kart model."""

    opponents: int = Field(default=0, ge=0, le=7)
    """Karts that the game drives itself; with them it is a race, without a time trial."""

    difficulty: Literal[0, 1, 2] = 1
    """How well those drive."""

    seed: int = Field(default=0, ge=0)
    """The game's own random numbers."""

    cruise_mps: float = Field(default=14.0, ge=3, le=30)
    """How fast the expert drives on straights; a kart at full throttle reaches about 25."""

    drift_from: float | None = Field(default=None, ge=0, le=1)
    """Steering of at least this much, either way, presses the drift button; by default nothing does."""

    nitro_from: float | None = Field(default=None, ge=0, le=1)
    """Throttle of at least this much burns nitro where some was collected; by default nothing does."""

    ends_off_track: bool = False
    """Whether an episode terminates when the kart leaves the road."""


class Start(Settings):
    """Options of `reset(options={...})`."""

    progress: float = Field(default=0.0, ge=0, le=1)
    """Share of the lap that lies behind, in the direction of driving."""

    offset_m: float = Field(default=0.0, ge=-5, le=5)
    """Distance from the middle of the road, positive to the right in the direction of driving."""

    heading_offset_rad: float = Field(default=0.0, ge=-3.1416, le=3.1416)
    """Angle from the direction of the road, positive to the left."""

    direction: Literal[1, -1] = 1
    """1: the game's own direction; -1: the other way round."""
