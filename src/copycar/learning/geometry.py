"""Warps: what the camera would have seen had the car stood elsewhere on the road, and how it steers back.

Knows numpy and the car's geometry; knows nothing of torch, labels or batches.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Camera
from copycar.core.vehicle import Vehicle


@dataclass(frozen=True, slots=True)
class Displacement:
    """Where the imagined car stands beside the real one.

    Attributes:
        right_m: metres to the right.
        left_rad: heading turned to the left.
    """

    right_m: float = 0.0
    left_rad: float = 0.0


def source_pixels(camera: Camera, displacement: Displacement) -> NDArray[np.int32]:
    """Return, for each pixel of the imagined picture, the flat index of the real pixel that it shows.

    Below the horizon the world is the flat ground, above it is infinitely far away, so trees and sky only turn.
    Pixels that the real camera did not see repeat its border.

    Args:
        camera: the car's camera in its body frame.
        displacement: where the imagined car stands.

    Returns:
        int32 (H, W), values 0 … H·W - 1.
    """
    rays = _rays(camera) @ _turn(displacement.left_rad).T  # (H, W, 3) of the imagined camera, in the real body frame
    # 1 / distance to the ground along the ray; 0 from the horizon up
    nearness = np.maximum(0.0, -rays[..., 2:]) / camera.position_m[2]
    moved = _turn(displacement.left_rad) @ camera.position_m - (0.0, displacement.right_m, 0.0) - camera.position_m
    inside = (rays + nearness * moved) @ (camera.intrinsics @ camera.rotation).T
    depth = np.maximum(inside[..., 2], 1e-6)  # what lies behind the real camera is far beyond its border
    column, row = inside[..., 0] / depth, inside[..., 1] / depth
    column = np.clip(np.rint(column), 0, camera.width_px - 1)
    row = np.clip(np.rint(row), 0, camera.height_px - 1)
    indices: NDArray[np.int32] = (row * camera.width_px + column).astype(np.int32)
    return indices


def returning_steering(vehicle: Vehicle, displacement: Displacement, look_ahead_m: float) -> float:
    """Return what to add to the steering so that the displaced car meets the real one's path.

    Pure pursuit (Coulter 1992) of the point of the old path `look_ahead_m` ahead, taken as straight: the curve that
    the road itself makes is in the label already.

    Args:
        vehicle: wheelbase and steering angle.
        displacement: where the imagined car stands.
        look_ahead_m: how far ahead it aims; shorter returns harder.
    """
    target_left_m = displacement.right_m - look_ahead_m * math.sin(displacement.left_rad)
    return vehicle.steering_for(2.0 * target_left_m / look_ahead_m**2)


def _rays(camera: Camera) -> NDArray[np.float64]:
    columns, rows = np.meshgrid(np.arange(camera.width_px), np.arange(camera.height_px))
    pixels = np.stack([columns, rows, np.ones_like(rows)], axis=-1)
    return pixels @ np.linalg.inv(camera.intrinsics @ camera.rotation).T


def _turn(left_rad: float) -> NDArray[np.float64]:
    cos, sin = math.cos(left_rad), math.sin(left_rad)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
