"""The ground as a grid of square cells: where cells are, and which cell a point is in. Knows nothing of cameras.

Rows count along +Y, columns along +X; cell (0, 0) is at the corner with the smallest X and Y.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from copycar.core.camera import Array
from copycar.core.errors import CopycarError

Mask = NDArray[np.bool_]

MOST_CELLS = 400_000
"""WILDTRACK at its full 2.5 cm has 480 x 1440 = 691,200; papers train on a quarter of each side, 43,200."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of ground.

    Attributes:
        x0_m, y0_m: its corner, the smallest X and Y.
        cell_m: side of a cell.
        n_rows, n_columns: cells along Y and X.
    """

    x0_m: float
    y0_m: float
    cell_m: float
    n_rows: int
    n_columns: int

    @classmethod
    def covering(cls, area: tuple[float, float, float, float], cell_m: float) -> "Grid":
        """Return the smallest grid that covers `area`, (x0, y0, x1, y1) in metres.

        Raises:
            CopycarError: the area is empty, or needs too many cells.
        """
        x0, y0, x1, y1 = area
        n_columns, n_rows = (math.ceil(side / cell_m - 1e-9) for side in (x1 - x0, y1 - y0))
        if n_rows < 1 or n_columns < 1 or n_rows * n_columns > MOST_CELLS:
            raise CopycarError(
                f"an area of {x1 - x0:.1f} x {y1 - y0:.1f} m makes {n_columns} x {n_rows} cells of {cell_m} m",
                f"a grid has 1 to {MOST_CELLS} cells",
                "choose another --cell-m, or look at the calibration: copycar ground check",
            )
        return cls(x0, y0, cell_m, n_rows, n_columns)

    @property
    def size_m(self) -> tuple[float, float]:
        """Length along X and along Y."""
        return self.n_columns * self.cell_m, self.n_rows * self.cell_m

    @property
    def to_ground(self) -> Array:
        """The (3, 3) matrix from (column, row, 1) of a cell to the ground metres (X, Y, 1) of its centre."""
        cell = self.cell_m
        return np.array([[cell, 0.0, self.x0_m + cell / 2], [0.0, cell, self.y0_m + cell / 2], [0.0, 0.0, 1.0]])

    def centres(self) -> Array:
        """Return the centres of all cells, (n_rows * n_columns, 2) metres, row by row."""
        x = self.x0_m + (np.arange(self.n_columns) + 0.5) * self.cell_m
        y = self.y0_m + (np.arange(self.n_rows) + 0.5) * self.cell_m
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    def cells(self, points_m: ArrayLike) -> Array:
        """Return (column, row) of points (N, 2) as real numbers; a cell's centre is a whole number."""
        return (np.asarray(points_m, dtype=np.float64) - (self.x0_m, self.y0_m)) / self.cell_m - 0.5

    def points(self, cells: ArrayLike) -> Array:
        """Return the ground metres (N, 2) of (column, row), the inverse of `cells`."""
        return (np.asarray(cells, dtype=np.float64) + 0.5) * self.cell_m + (self.x0_m, self.y0_m)

    def contains(self, points_m: ArrayLike) -> Mask:
        """Return which points (N, 2) lie on the grid, bool (N,)."""
        places = np.rint(self.cells(points_m))
        inside = (places >= 0) & (places < (self.n_columns, self.n_rows))
        return inside[:, 0] & inside[:, 1]
