"""What an owner measures on a car whose recordings do not describe it: `[camera]` and `[car]` of `copycar.toml`.

Knows nothing of who asks.
"""

import math

from pydantic import Field

from copycar.core.config import Settings
from copycar.core.errors import CopycarError
from copycar.core.vehicle import Vehicle


class CameraSettings(Settings):
    """How the camera is mounted."""

    height_m: float = Field(gt=0, le=3)
    """Lens above the ground, metres."""
    pitch_deg: float = Field(ge=-30, le=80)
    """How far it looks down, degrees; 0 sees the horizon in the middle of the picture."""
    fov_deg: float = Field(gt=10, lt=170)
    """Horizontal field of view, degrees."""
    forward_m: float = Field(default=0.0, ge=-3, le=3)
    """Lens in front of the car's centre, metres."""


class CarSettings(Settings):
    """How the car steers."""

    wheelbase_m: float = Field(gt=0, le=5)
    """From the front to the rear axle, metres."""
    max_steering_deg: float = Field(gt=0, lt=80)
    """Angle of the front wheels at full steering, degrees."""


def measured_vehicle(camera: CameraSettings | None, car: CarSettings | None) -> Vehicle | None:
    """Return the car that an owner measured; None where nothing was.

    Raises:
        CopycarError: only one half of it is known.
    """
    if camera is None and car is None:
        return None
    if camera is None or car is None:
        raise CopycarError(
            f"the car is described by half: there is no [{'camera' if camera is None else 'car'}]",
            "what a shifted frame shows depends on the camera, how it is steered back on the car",
            "give camera.height_m, camera.pitch_deg, camera.fov_deg, car.wheelbase_m and car.max_steering_deg",
        )
    return Vehicle(
        wheelbase_m=car.wheelbase_m,
        max_steering_rad=math.radians(car.max_steering_deg),
        camera_height_m=camera.height_m,
        camera_pitch_rad=math.radians(camera.pitch_deg),
        camera_fov_rad=math.radians(camera.fov_deg),
        camera_forward_m=camera.forward_m,
    )
