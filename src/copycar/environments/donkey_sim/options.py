"""What a user can set about a donkey simulator. Knows nothing of the protocol."""

from pydantic import Field

from copycar.core.config import Settings
from copycar.environments.donkey_sim.messages import PORT


class DonkeySimOptions(Settings):
    """Options of `donkey-sim:<scene>`, or keys of the TOML file in `donkey-sim:file.toml`."""

    scene: str = "generated_track"
    """The simulator's name of the scene."""

    host: str = "127.0.0.1"
    """Where the simulator runs."""

    port: int = Field(default=PORT, ge=1, le=65535)
    """Where it listens."""

    width: int = Field(default=160, ge=16, le=512)
    """Width of the pictures in pixels."""

    height: int = Field(default=120, ge=16, le=512)
    """Height of the pictures in pixels."""

    fov_deg: float = Field(default=0.0, ge=0, le=170)
    """Vertical field of view of the camera; 0 leaves the simulator's own."""

    road_width_m: float = Field(default=1.2, gt=0, le=20)
    """Width of the scene's road: beyond half of it the car is off the track."""

    asks_road: bool = True
    """Whether to ask the simulator for its road: without it there are no laps, no progress and no expert."""

    is_synchronous: bool = False
    """Whether the simulator waits for each action (`step_mode`); not all can."""

    patience_s: float = Field(default=10.0, gt=0, le=600)
    """How long to wait for an answer before giving up."""
