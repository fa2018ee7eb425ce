"""What moves in a camera's footage, frame by frame: how much, and where on the floor. Knows no other camera.

A pixel moved where it differs from the frame before: cameras beside a track stand still, and light changes slowly.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.core.frame import Image
from copycar.ground.calibration import Calibration
from copycar.ground.grid import Grid
from copycar.ground.scene import Area

Floats = NDArray[np.float32]

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
    maps: Floats

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
    smaller = map(_small, pictures)
    before = next(smaller)
    lay = _laying(before.shape[:2], calibration, grid, height_m / 2)
    energy: list[float] = []
    maps: list[Floats] = []
    for small in chain([before], smaller):
        moved, before = _moved(before, small), small
        energy.append(float(moved.mean()))
        if len(maps) < MOST_MAPPED:
            maps.append(lay(moved))
    return Motion(np.array(energy), np.stack(maps))


def _small(picture: Image) -> Image:
    height = max(1, round(picture.shape[0] * WIDTH_PX / picture.shape[1]))
    return np.asarray(cv2.resize(picture, (WIDTH_PX, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _moved(before: Image, now: Image) -> Floats:
    return np.asarray(cv2.absdiff(before, now).max(axis=2) > LEVELS, dtype=np.float32)  # red on grey moves, too


def _laying(
    shape: tuple[int, ...], calibration: Calibration | None, grid: Grid | None, level_m: float
) -> Callable[[Floats], Floats]:
    """Return what gives the motion of every cell at a level above the floor, (rows * columns,), of a picture's."""
    if calibration is None or grid is None:
        return lambda moved: moved.mean(keepdims=True)[0]
    to_pixel = level_to_pixel(calibration.scaled(*shape), level_m) @ grid.to_ground
    size, flags = (grid.n_columns, grid.n_rows), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return lambda moved: np.asarray(cv2.warpPerspective(moved, to_pixel, size, flags=flags), dtype=np.float32).ravel()


def level_to_pixel(calibration: Calibration, level_m: float) -> Array:
    """Return the (3, 3) matrix from (X, Y, 1) of a level Z above the floor to pixels (u, v, 1) times depth."""
    rotation = calibration.camera.rotation
    columns = [rotation[:, 0], rotation[:, 1], level_m * rotation[:, 2] + calibration.translation_m]
    matrix: Array = calibration.camera.intrinsics @ np.column_stack(columns)
    return matrix
