"""A pinhole camera above a flat ground: from the world to pixels and back. Knows nothing of devices or lenses.

World: metres, Z up, ground Z = 0; headings in radians, counter-clockwise from +X. Camera frame as in OpenCV:
x right, y down, z forward. Pixel (0, 0) is the centre of the top left pixel.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Camera:
    """Intrinsics and pose of one camera.

    Attributes:
        width_px, height_px: picture size.
        focal_px: (fx, fy).
        centre_px: principal point (cx, cy).
        position_m: (3,) optical centre in the world.
        rotation: (3, 3) world to camera; rows are the camera's right, down and forward axes in the world.
    """

    width_px: int
    height_px: int
    focal_px: tuple[float, float]
    centre_px: tuple[float, float]
    position_m: Array
    rotation: Array

    @classmethod
    def placed(
        cls,
        width_px: int,
        height_px: int,
        fov_rad: float,
        position_m: ArrayLike,
        heading_rad: float = 0.0,
        pitch_rad: float = 0.0,
    ) -> "Camera":
        """Return a camera without roll and with square pixels.

        Args:
            width_px: columns of a picture.
            height_px: rows of a picture.
            fov_rad: horizontal field of view, 0 … pi.
            position_m: (3,) optical centre.
            heading_rad: direction of view on the ground, counter-clockwise from +X.
            pitch_rad: positive looks down.
        """
        focal = width_px / 2 / math.tan(fov_rad / 2)
        cos_h, sin_h = math.cos(heading_rad), math.sin(heading_rad)
        cos_p, sin_p = math.cos(pitch_rad), math.sin(pitch_rad)
        right = (sin_h, -cos_h, 0.0)
        forward = (cos_p * cos_h, cos_p * sin_h, -sin_p)
        down = np.cross(forward, right)
        return cls(
            width_px,
            height_px,
            (focal, focal),
            ((width_px - 1) / 2, (height_px - 1) / 2),
            np.asarray(position_m, dtype=np.float64),
            np.array([right, down, forward]),
        )

    @property
    def intrinsics(self) -> Array:
        """The (3, 3) matrix K, camera frame to homogeneous pixels."""
        (fx, fy), (cx, cy) = self.focal_px, self.centre_px
        return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])

    @property
    def ground_to_pixel(self) -> Array:
        """The (3, 3) homography from ground metres (X, Y, 1) to homogeneous pixels."""
        offset = -self.rotation @ self.position_m
        return self.intrinsics @ np.column_stack([self.rotation[:, 0], self.rotation[:, 1], offset])

    @property
    def horizon_px(self) -> float:
        """The row at which the horizon crosses the middle of the picture; outside 0 … height - 1 it is not seen."""
        level = self.rotation @ (self.rotation[2] * (1.0, 1.0, 0.0))  # straight ahead, without up and down
        return float(self.focal_px[1] * level[1] / level[2] + self.centre_px[1])

    def project(self, points_m: ArrayLike) -> Array:
        """Return the pixels (N, 2) of world points (N, 3); NaN for points behind the camera."""
        inside = (np.asarray(points_m, dtype=np.float64) - self.position_m) @ self.rotation.T
        return _dehomogenise(inside @ self.intrinsics.T)

    def ground_points(self, pixels: ArrayLike) -> Array:
        """Return where the rays of pixels (N, 2) meet the ground, (N, 2) metres; NaN at and above the horizon."""
        return _dehomogenise(_homogeneous(pixels) @ np.linalg.inv(self.ground_to_pixel).T)


def _homogeneous(points: ArrayLike) -> Array:
    array = np.asarray(points, dtype=np.float64)
    return np.column_stack([array, np.ones(len(array))])


def _dehomogenise(points: Array) -> Array:
    weight = points[:, 2:]
    result: Array = np.full((len(points), 2), np.nan)
    return np.divide(points[:, :2], weight, out=result, where=weight > 1e-9)
