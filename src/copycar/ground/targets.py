"""What the network should say: heat maps with a hill at every thing, and offsets. Knows arrays; knows no files."""

import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array

Map = NDArray[np.float32]

HILL_CELLS = 1.5
"""Standard deviation of a hill on the ground, in cells."""

NEAR = 0.6
"""The hill is higher than this in a thing's cell and in its eight neighbours, and nowhere else."""

FOOT_PIXELS = 1.0
"""Standard deviation of a hill in a view, in feature pixels."""


def heat_map(places: Array, shape: tuple[int, int], sigma: float) -> Map:
    """Return float32 `shape` with a Gaussian hill at every place (N, 2) column, row; its cell holds exactly 1.

    Hills that overlap keep the larger value (CenterNet, Zhou et al. 2019). Places outside are left out.
    """
    heat = np.zeros(shape, dtype=np.float32)
    reach = int(np.ceil(3 * sigma))
    for column, row in np.rint(places[is_on(places, shape)]).astype(int).tolist():
        top, left = max(row - reach, 0), max(column - reach, 0)
        part = heat[top : row + reach + 1, left : column + reach + 1]
        rows, columns = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
        hill = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * sigma**2))
        np.maximum(part, hill.astype(np.float32), out=part)
    return heat


def offsets(places: Array, shape: tuple[int, int]) -> Map:
    """Return float32 (2, *shape): how far places (N, 2) are from their cell's centre and its neighbours'; else 0.

    Neighbours have one too, because the highest cell of an answer is often one beside the truth.
    """
    found = np.zeros((2, *shape), dtype=np.float32)
    around = np.stack(np.meshgrid([-1, 0, 1], [-1, 0, 1]), axis=-1).reshape(-1, 2)
    for place in places[is_on(places, shape)]:
        cells = np.rint(place) + around
        for column, row in cells[is_on(cells, shape)].astype(int).tolist():
            found[:, row, column] = place - (column, row)
    return found


def is_on(places: Array, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which places (N, 2) column, row round to a cell of `shape`; NaN does not."""
    with np.errstate(invalid="ignore"):
        cells = np.rint(places)
        inside = np.logical_and(cells >= 0, cells < (shape[1], shape[0]))
    on: NDArray[np.bool_] = np.logical_and(inside[:, 0], inside[:, 1])
    return on
