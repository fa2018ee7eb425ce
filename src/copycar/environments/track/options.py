"""Everything a user can set about the built-in track. Knows nothing of how it is simulated or drawn."""

from typing import Literal

from pydantic import Field, field_validator

from copycar.core.config import Settings
from copycar.environments.track.shapes import versioned


class TrackOptions(Settings):
    """Options of `make_environment("track:...", **options)`."""

    track: str = "oval"
    """Name of the track: `oval`, `hairpins-v1`, `random:7`."""

    width: int = Field(default=160, ge=16, le=4096)
    """Width of the car's picture in pixels."""

    height: int = Field(default=120, ge=12, le=4096)
    """Height of the car's picture in pixels."""

    rate_hz: float = Field(default=20.0, ge=5, le=120)
    """Steps per second of simulated time."""

    ends_off_track: bool = False
    """Whether an episode terminates when the car's centre leaves the road."""

    renderer: Literal["auto", "software", "gpu"] = "software"
    """`software` draws the same everywhere; `gpu` needs OpenGL; `auto` takes a graphics card where there is one."""

    supersample: Literal[1, 2] = 2
    """Draw the car's picture this many times larger and average: smooth lines, and most of the drawing time."""

    pictures: bool = True
    """False: physics only. Observations then have no "image" at all."""

    look: int = Field(default=0, ge=0)
    """Seed of textures and scenery."""

    road_width_m: float = Field(default=1.2, ge=0.6, le=1.6)
    """Width of the road between the outer sides of its edge lines."""

    ground: Literal["grass", "sand", "concrete"] = "grass"
    """What lies beside the road."""

    centre_line: Literal["yellow", "white", "none"] = "yellow"
    """Colour of the dashed line in the middle of the road."""

    scenery: bool = True
    """Whether trees, buildings and cones stand beside the road. Cars can hit them."""

    brightness: float = Field(default=1.0, ge=0.2, le=1.5)
    """Light: 1 is a clear day."""

    camera_height_m: float = Field(default=0.17, ge=0.03, le=1.0)
    """Height of the car's camera above the ground."""

    camera_forward_m: float = Field(default=0.1, ge=-0.3, le=0.3)
    """How far the camera sits ahead of the car's centre."""

    camera_pitch_deg: float = Field(default=17.0, ge=-10, le=80)
    """How far the camera looks down."""

    camera_fov_deg: float = Field(default=90.0, ge=30, le=140)
    """Horizontal field of view of the car's camera."""

    friction: float = Field(default=1.0, ge=0.1, le=3)
    """Grip of the tyres: 1 is rubber on dry asphalt."""

    latency_steps: int = Field(default=0, ge=0, le=20)
    """Steps between an action and its effect, as on a real car with a slow link."""

    steering_noise: float = Field(default=0.0, ge=0, le=0.5)
    """Standard deviation of the noise on steering, per step, in steering units."""

    throttle_noise: float = Field(default=0.0, ge=0, le=0.5)
    """Standard deviation of the noise on throttle, per step, in throttle units."""

    randomise: float = Field(default=0.0, ge=0, le=1)
    """Strength of what each reset draws anew: light, colours, scenery, camera pose, friction, latency, noise."""

    obstacles: int = Field(default=0, ge=0, le=60)
    """Cones standing on the road's edges."""

    cars: int = Field(default=0, ge=0, le=12)
    """Other cars that drive round in the right-hand lane."""

    people: int = Field(default=0, ge=0, le=12)
    """People who walk beside the road, and across it when no car is coming."""

    cameras: int = Field(default=0, ge=0, le=12)
    """Calibrated cameras beside the track; their pictures come in `info["cameras"]`."""

    cameras_rig: int = Field(default=0, ge=0)
    """Seed of where the cameras beside the track stand and look; 0: evenly round it, all alike."""

    cameras_width: int = Field(default=320, ge=16, le=4096)
    """Picture width of the cameras beside the track."""

    cameras_height: int = Field(default=180, ge=12, le=4096)
    """Picture height of the cameras beside the track."""

    film_width: int = Field(default=480, ge=16, le=4096)
    """Picture width of `render()`."""

    film_height: int = Field(default=360, ge=12, le=4096)
    """Picture height of `render()`."""

    film_view: Literal["follow", "above"] = "follow"
    """What `render()` shows: behind the car, or the whole track from above."""

    @field_validator("track")
    @classmethod
    def _is_known(cls, name: str) -> str:
        return versioned(name)
