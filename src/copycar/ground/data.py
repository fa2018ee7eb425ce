"""The pictures and truths of a scene, ready to be learned from or judged. Knows scenes; knows nothing of torch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copycar.core.camera import Array
from copycar.core.frame import Image
from copycar.core.progress import OnProgress
from copycar.ground.calibration import Calibration
from copycar.ground.frames import FrameReader
from copycar.ground.grid import Grid
from copycar.ground.scene import Moment

STRIDE = 4
"""Picture pixels per feature of the network. A 0.38 m car 8 m away has 10 of 320 pixels."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """Moments of one split, in memory.

    Attributes:
        pictures: uint8 (N, V, H, W, 3).
        cells: per moment (M, 2) column, row of every thing.
        points_m: per moment (M, 2).
    """

    pictures: Image
    cells: Sequence[Array]
    points_m: Sequence[Array]

    def __len__(self) -> int:
        return len(self.cells)


@dataclass(frozen=True, slots=True)
class Rig:
    """Cameras at the network's picture size over a grid.

    Attributes:
        cameras: scaled to `size`.
        size: (height, width) px.
        grid: the ground.
        to_pixel: (V, 3, 3), from (column, row, 1) of a cell to picture pixels.
        masks: float32 (V, H/4, W/4), 1 inside a camera's region.
    """

    cameras: Sequence[Calibration]
    size: tuple[int, int]
    grid: Grid
    to_pixel: Array
    masks: Array

    @classmethod
    def of(cls, cameras: Sequence[Calibration], size: tuple[int, int], grid: Grid) -> "Rig":
        """Return the rig of cameras whose pictures are scaled to `size`."""
        scaled = [calibration.scaled(*size) for calibration in cameras]
        to_pixel = np.stack([calibration.camera.ground_to_pixel @ grid.to_ground for calibration in scaled])
        masks = [calibration.region_mask(STRIDE).astype(np.float32) for calibration in scaled]
        return cls(scaled, size, grid, to_pixel, np.stack(masks))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the ground."""
        return self.grid.n_rows, self.grid.n_columns


def read_sightings(
    cameras: Sequence[Calibration],
    rig: Rig,
    moments: Sequence[Moment],
    on_progress: OnProgress | None = None,
) -> Sightings:
    """Return the moments, which all have a truth, with their pictures decoded and scaled.

    Raises:
        CopycarError: a picture is missing, damaged, or of another size than calibrated.
    """
    pictures = FrameReader(cameras, rig.size).read_all(moments, on_progress)
    points = [moment.truth.points_m if moment.truth is not None else np.zeros((0, 2)) for moment in moments]
    return Sightings(pictures, [rig.grid.cells(of_moment) for of_moment in points], points)
