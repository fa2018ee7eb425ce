import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.ground.grid import Grid

GRID = Grid.covering((-1.0, 2.0, 0.0, 2.5), 0.1)


def test_rows_are_y_and_columns_are_x():
    assert (GRID.n_rows, GRID.n_columns) == (5, 10)
    np.testing.assert_allclose(GRID.centres()[[0, 1, 10]], [(-0.95, 2.05), (-0.85, 2.05), (-0.95, 2.15)])
    np.testing.assert_allclose(GRID.cells([(-0.95, 2.05), (-0.05, 2.45)]), [(0, 0), (9, 4)], atol=1e-9)


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_cells_and_points_are_inverse(x, y):
    np.testing.assert_allclose(GRID.points(GRID.cells([(x, y)])), [(x, y)], atol=1e-9)


def test_the_matrix_says_the_same_as_centres():
    column, row = 3, 2
    np.testing.assert_allclose((GRID.to_ground @ (column, row, 1))[:2], GRID.centres()[row * 10 + column])


def test_only_points_on_the_grid_are_contained():
    assert GRID.contains([(-0.99, 2.01), (-1.01, 2.2), (-0.5, 2.51), (-0.01, 2.49)]).tolist() == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("area", [(0, 0, 0, 1), (0, 0, 1e6, 1e6)])
def test_impossible_areas_are_refused(area):
    with pytest.raises(CopycarError, match="cells"):
        Grid.covering(area, 0.05)
