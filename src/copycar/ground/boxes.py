"""Boxes around things as the cameras see them. Knows cameras and sizes; knows nothing of files or drawing."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from copycar.core.camera import Array
from copycar.ground.calibration import Calibration
from copycar.ground.scene import Thing


def box_corners(points_m: Array, thing: Thing) -> Array:
    """Return the eight corners (N, 8, 3) of upright boxes that stand on ground points (N, 2)."""
    half = thing.width_m / 2
    corners = np.array(list(product((-half, half), (-half, half), (0.0, thing.height_m))))
    base = np.column_stack([points_m, np.zeros(len(points_m))])
    around: Array = base[:, None] + corners
    return around


def boxes_around(points_m: Array, thing: Thing, cameras: Sequence[Calibration]) -> Array:
    """Return x1, y1, x2, y2 px of every thing in every camera, (N, V, 4); NaN where its foot is not in the picture."""
    corners = box_corners(points_m, thing).reshape(-1, 3)
    boxes = np.full((len(points_m), len(cameras), 4), np.nan)
    for view, camera in enumerate(cameras):
        pixels = camera.project(corners).reshape(-1, 8, 2)
        box = np.concatenate([pixels.min(axis=1), pixels.max(axis=1)], axis=1)  # NaN where a corner is behind
        is_seen = camera.sees(points_m)
        boxes[is_seen, view] = box[is_seen]
    return boxes
