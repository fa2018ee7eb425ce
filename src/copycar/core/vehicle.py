"""The car's few numbers that geometry needs: wheelbase, steering angle, how the camera is mounted.

Knows nothing of motors or engines. Body frame: origin on the ground under the car's centre, x forward, y left, z up.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from copycar.core.camera import Camera
from copycar.core.errors import CopycarError

VEHICLE_KEY = "vehicle"
"""Where a tub's metadata and a policy file keep the car's description."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A small car with front steering and one camera without roll.

    Attributes:
        wheelbase_m: distance between the axles.
        max_steering_rad: angle of the front wheels at steering 1.
        camera_height_m: optical centre above the ground.
        camera_pitch_rad: positive looks down.
        camera_fov_rad: horizontal field of view.
        camera_forward_m: optical centre in front of the car's centre.
    """

    wheelbase_m: float
    max_steering_rad: float
    camera_height_m: float
    camera_pitch_rad: float
    camera_fov_rad: float
    camera_forward_m: float = 0.0

    def camera(self, width_px: int, height_px: int) -> Camera:
        """Return the camera in the body frame, for pictures of the given size."""
        position = (self.camera_forward_m, 0.0, self.camera_height_m)
        return Camera.placed(width_px, height_px, self.camera_fov_rad, position, 0.0, self.camera_pitch_rad)

    def steering_for(self, left_curvature_per_m: float) -> float:
        """Return the steering that drives a curve; positive curvature turns left, positive steering right."""
        return -math.atan(self.wheelbase_m * left_curvature_per_m) / self.max_steering_rad

    def as_json(self) -> dict[str, float]:
        """Return the numbers as they are kept in a tub's metadata and in a policy file."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Vehicle":
        """Read what `as_json` wrote.

        Raises:
            CopycarError: a number is missing or is none.
        """
        try:
            return cls(**{name: float(value) for name, value in values.items()})
        except (TypeError, ValueError) as error:
            raise CopycarError("the description of the car is damaged", str(error), "correct or remove it") from error
