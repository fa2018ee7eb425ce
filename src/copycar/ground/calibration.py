"""One calibrated camera beside the track: from ground metres to pixels and back. Knows no files and no pictures.

World and camera frame as in `core.camera`. Pixels are those of undistorted pictures with the same matrix K, except
where a name says `raw`. A camera may be limited to a region: the part of its picture whose floor counts.
"""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from copycar.core.camera import Array, Camera

Mask = NDArray[np.bool_]


def no_distortion() -> Array:
    """Return the five coefficients of a lens without distortion."""
    return np.zeros(5)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A camera and what its files say about it.

    Attributes:
        name: `cam1`.
        camera: intrinsics, pose and picture size.
        distortion: (4 … 14,) OpenCV's k1, k2, p1, p2, k3, k4 … of the raw pictures; zeros where they are undistorted.
        region_px: (M, 2) polygon in undistorted pixels, outside of which floor does not count; None: all counts.
    """

    name: str
    camera: Camera
    distortion: Array = field(default_factory=no_distortion)
    region_px: Array | None = None

    @property
    def is_distorted(self) -> bool:
        """Whether raw pictures have to be undistorted."""
        return bool(np.any(self.distortion))

    @property
    def translation_m(self) -> Array:
        """The (3,) vector t of `x_camera = R x_world + t`."""
        translation: Array = -self.camera.rotation @ self.camera.position_m
        return translation

    def project(self, points_m: ArrayLike) -> Array:
        """Return pixels (N, 2) of ground points (N, 2) or world points (N, 3); NaN behind the camera."""
        return self.camera.project(on_ground(points_m))

    def project_raw(self, points_m: ArrayLike) -> Array:
        """Return where points show in the raw, distorted picture, (N, 2); NaN behind the camera."""
        points = np.ascontiguousarray(on_ground(points_m))
        turn, _ = cv2.Rodrigues(self.camera.rotation)
        pixels, _ = cv2.projectPoints(points, turn, self.translation_m, self.camera.intrinsics, self.distortion)
        is_behind = np.isnan(self.camera.project(points)[:, :1])
        raw: Array = np.where(is_behind, np.nan, pixels.reshape(-1, 2))
        return raw

    def sees(self, points_m: ArrayLike) -> Mask:
        """Return which ground points (N, 2) lie before the camera, in its picture and in its region, bool (N,)."""
        return self.shows(self.project(points_m))

    def shows(self, pixels: Array) -> Mask:
        """Return which pixels (N, 2) are in the picture and, rounded, in the region; NaN is not."""
        with np.errstate(invalid="ignore"):
            last = np.array([self.camera.width_px - 1, self.camera.height_px - 1])
            is_in = np.logical_and(pixels >= 0, pixels <= last)
        seen: Mask = np.logical_and(is_in[:, 0], is_in[:, 1])
        if self.region_px is not None:
            columns, rows = np.rint(pixels[seen]).astype(int).T
            seen[seen] = self.region_mask()[rows, columns]
        return seen

    def region_mask(self, stride: int = 1) -> Mask:
        """Return which pixels of the picture, or of every `stride`-th row and column, are in the region."""
        shape = self.camera.height_px // stride, self.camera.width_px // stride
        if self.region_px is None:
            return np.ones(shape, dtype=bool)
        corners = np.rint(self.region_px / stride * 16).astype(np.int32)  # OpenCV counts in 16ths of a pixel here
        mask = cv2.fillPoly(np.zeros(shape, dtype=np.uint8), [corners.reshape(-1, 1, 2)], (1,), shift=4)
        return np.asarray(mask > 0)

    def scaled(self, height_px: int, width_px: int) -> "Calibration":
        """Return the calibration of the same camera's pictures at another size.

        Pixel centres are whole numbers, so a pixel u becomes `(u + 0.5) * scale - 0.5`, as `cv2.resize` does it.
        """
        camera = self.camera
        scale = np.array([width_px / camera.width_px, height_px / camera.height_px])
        (fx, fy), centre = (scale * camera.focal_px).tolist(), ((np.array(camera.centre_px) + 0.5) * scale - 0.5)
        smaller = replace(
            camera, width_px=width_px, height_px=height_px, focal_px=(fx, fy), centre_px=tuple(centre.tolist())
        )
        region = None if self.region_px is None else (self.region_px + 0.5) * scale - 0.5
        return replace(self, camera=smaller, region_px=region)


def camera_from(size: tuple[int, int], intrinsics: Array, rotation: Array, translation_m: Array) -> Camera:
    """Return the camera of OpenCV's matrices.

    Args:
        size: (height, width) px.
        intrinsics: (3, 3) K; skew must be 0.
        rotation: (3, 3) world to camera.
        translation_m: (3,) t of `x_camera = R x_world + t`.
    """
    focal, centre = (intrinsics[0, 0], intrinsics[1, 1]), (intrinsics[0, 2], intrinsics[1, 2])
    return Camera(
        width_px=size[1],
        height_px=size[0],
        focal_px=(float(focal[0]), float(focal[1])),
        centre_px=(float(centre[0]), float(centre[1])),
        position_m=np.asarray(np.linalg.solve(rotation, -translation_m), dtype=np.float64),  # -R^T t of a rotation
        rotation=rotation,
    )


def on_ground(points_m: ArrayLike) -> Array:
    """Return world points (N, 3): ground points (N, 2) get Z = 0."""
    points = np.asarray(points_m, dtype=np.float64)
    return points if points.shape[1] == 3 else np.column_stack([points, np.zeros(len(points))])
