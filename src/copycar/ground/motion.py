"""What moves in a camera's footage, frame by frame: how much, and where on the floor. Knows no other camera.

A pixel moved where it differs from the frame before: cameras beside a track stand still, and light changes slowly.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.core.frame import Image
from copycar.ground.calibration import Calibration
from copycar.ground.grid import Grid
from copycar.ground.scene import Area

WIDTH_PX = 160
"""Pictures are looked at this small: a car is still some pixels, noise is averaged away."""

LEVELS = 12
"""Difference, of 255, from which a pixel moved: noise of webcams is 2 to 4."""

MOST_MAPPED = 1500
"""Frames whose motion is laid on the floor: 50 s at 30 a second tell an offset, hours cost memory."""


FLOOR_CELLS = 100
"""Along the longer side of the floor on which motion is compared: offsets of six cameras round the built-in oval were
told to the frame with cells of 12 cm, and one frame off with 25 cm."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A camera's footage.

    Attributes:
        energy: (T,) share of pixels that moved, per frame; the first one is 0.
        maps: (at most `MOST_MAPPED`, K) how much each place moved; K cells of the floor, or one place for all of the
            picture where the camera's pose is not known.
    """

    energy: Array
    maps: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.energy)


def floor_grid(area: Area) -> Grid:
    """Return the floor on which the motion of cameras is compared."""
    x0, y0, x1, y1 = area
    return Grid.covering(area, max(x1 - x0, y1 - y0) / FLOOR_CELLS)


def watch(
    pictures: Iterable[Image], calibration: Calibration | None, grid: Grid | None, height_m: float = 0.0
) -> Motion:
    """Return the motion in one camera's pictures.

    Args:
        pictures: uint8 (H, W, 3) RGB, one after the other; at least one.
        calibration: of the camera; None: not known.
        grid: of the floor, for its maps; None: the whole picture is one place.
        height_m: of what moves. Motion is laid on the level of its middle: on the floor, the roof of a car that drives
            away would be ahead of it, and that of one that comes behind.
    """
    before: Image | None = None
    energy: list[float] = []
    maps: list[NDArray[np.float32]] = []
    for picture in pictures:
        small = _small(picture)
        moved = np.zeros(small.shape[:2], np.float32) if before is None else _moved(before, small)
        before = small
        energy.append(float(moved.mean()))
        if len(maps) < MOST_MAPPED:
            is_laid = calibration is not None and grid is not None
            maps.append(_laid(moved, calibration, grid, height_m / 2) if is_laid else moved.mean(keepdims=True)[0])
    return Motion(np.array(energy), np.stack(maps))


def _small(picture: Image) -> Image:
    height = max(1, round(picture.shape[0] * WIDTH_PX / picture.shape[1]))
    return np.asarray(cv2.resize(picture, (WIDTH_PX, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _moved(before: Image, now: Image) -> NDArray[np.float32]:
    return np.asarray(cv2.absdiff(before, now).max(axis=2) > LEVELS, dtype=np.float32)  # red on grey moves, too


def _laid(
    moved: NDArray[np.float32], calibration: Calibration | None, grid: Grid | None, level_m: float
) -> NDArray[np.float32]:
    """Return the motion of every cell at a level above the floor, (rows * columns,)."""
    assert calibration is not None
    assert grid is not None
    to_pixel = level_to_pixel(calibration.scaled(*moved.shape), level_m) @ grid.to_ground
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(moved, to_pixel, (grid.n_columns, grid.n_rows), flags=flags)
    return np.asarray(laid, dtype=np.float32).ravel()


def level_to_pixel(calibration: Calibration, level_m: float) -> Array:
    """Return the (3, 3) matrix from (X, Y, 1) of a level Z above the floor to pixels (u, v, 1) times depth."""
    rotation = calibration.camera.rotation
    columns = [rotation[:, 0], rotation[:, 1], level_m * rotation[:, 2] + calibration.translation_m]
    matrix: Array = calibration.camera.intrinsics @ np.column_stack(columns)
    return matrix
