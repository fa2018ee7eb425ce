"""Cameras and little projects for the tests of this room."""

import math
from pathlib import Path

import numpy as np

from copycar.core.camera import Camera
from copycar.ground.calibration import Calibration
from copycar.ground.layouts.write_project import ProjectWriter
from copycar.ground.scene import SMALL_CAR, Truth

SIZE = (48, 64)


def corner_camera(name: str, x: float, y: float, size: tuple[int, int] = SIZE) -> Calibration:
    """A camera 2.4 m above (x, y) that looks at the ground around the origin."""
    pitch = math.atan2(2.4, math.hypot(x, y))
    camera = Camera.placed(size[1], size[0], math.radians(75), (x, y, 2.4), math.atan2(-y, -x), pitch)
    return Calibration(name, camera)


def four_cameras(size: tuple[int, int] = SIZE) -> list[Calibration]:
    corners = [(-3.0, -2.0), (3.0, -2.0), (3.0, 2.0), (-3.0, 2.0)]
    return [corner_camera(f"cam{number}", *corner, size) for number, corner in enumerate(corners, 1)]


def blob_pictures(cameras, points_m):
    """Grey pictures with a red square where each thing's foot is."""
    pictures = []
    for calibration in cameras:
        camera = calibration.camera
        picture = np.full((camera.height_px, camera.width_px, 3), 90, dtype=np.uint8)
        for column, row in calibration.project(points_m)[calibration.sees(points_m)].round().astype(int).tolist():
            picture[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = (220, 30, 30)
        pictures.append(picture)
    return pictures


def make_project(folder: Path, *, n_train: int = 3, n_val: int = 2, n_things: int = 2, seed: int = 0) -> Path:
    """Write a project of red squares on grey ground: enough to read, check and fit."""
    folder.mkdir(parents=True)
    rng, cameras = np.random.default_rng(seed), four_cameras()
    cameras = [Calibration(camera.name, camera.camera, region_px=floor_of(camera)) for camera in cameras]
    writer = ProjectWriter(folder, cameras, SMALL_CAR, 20.0)
    for split, count in (("train", n_train), ("val", n_val)):
        for number in range(count):
            points = rng.uniform(-0.9, 0.9, (n_things, 2)) * (1.5, 1.0)
            writer.add(split, number, blob_pictures(cameras, points), Truth(points, np.arange(n_things)))
    return folder


def floor_of(camera: Calibration) -> np.ndarray:
    """The part of the picture that shows the floor within 1.5 x 1.0 m of the origin."""
    corners = np.array([(-1.5, -1.0), (1.5, -1.0), (1.5, 1.0), (-1.5, 1.0)])
    return np.clip(camera.project(corners), 0, (63, 47))
