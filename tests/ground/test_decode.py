import numpy as np
import torch

from copycar.ground.decode import decode
from copycar.ground.grid import Grid
from copycar.ground.loss import Target, detection_loss
from copycar.ground.network import Answer
from copycar.ground.targets import HILL_CELLS, NEAR, heat_map, offsets

GRID = Grid.covering((0.0, 0.0, 2.0, 1.0), 0.1)
SHAPE = (GRID.n_rows, GRID.n_columns)


def answer_of(points, sure=4.0):
    """An answer that is right about every point."""
    cells = GRID.cells(points)
    heat = torch.from_numpy(heat_map(cells, SHAPE, HILL_CELLS))[None]
    seen = torch.ones(1, *SHAPE, dtype=torch.bool)
    logits = torch.logit(heat.clamp(1e-4, 1 - 1e-4)).clamp(-sure, sure)
    return Answer(logits, torch.from_numpy(offsets(cells, SHAPE))[None], torch.zeros(1, 1, 2, 2), seen)


def test_a_perfect_answer_decodes_to_the_points():
    points = np.array([(0.33, 0.71), (1.52, 0.18)])
    found = decode(answer_of(points), GRID, 0.5, 0.2)[0]
    assert len(found) == 2
    np.testing.assert_allclose(sorted(found.points_m.tolist()), points, atol=1e-6)


def test_of_two_near_each_other_one_stays():
    points = np.array([(0.3, 0.5), (0.62, 0.5)])
    assert len(decode(answer_of(points), GRID, 0.5, 0.2)[0]) == 2
    assert len(decode(answer_of(points), GRID, 0.5, 0.4)[0]) == 1


def test_unseen_ground_holds_nothing():
    answer = answer_of(np.array([(0.33, 0.71)]))
    answer.seen[:] = False
    assert len(decode(answer, GRID, 0.1, 0.2)[0]) == 0


def test_the_threshold_is_the_least_confidence():
    answer = answer_of(np.array([(0.33, 0.71)]), sure=1.0)  # sigmoid(1) = 0.73
    assert len(decode(answer, GRID, 0.73, 0.5)[0]) == 1
    assert len(decode(answer, GRID, 0.74, 0.5)[0]) == 0


def test_a_right_answer_costs_less_than_a_wrong_one():
    points = np.array([(0.33, 0.71), (1.52, 0.18)])
    right, wrong = answer_of(points), answer_of(points[:, ::-1] * (1.0, 0.5))
    cells = GRID.cells(points)
    target = Target(
        torch.from_numpy(heat_map(cells, SHAPE, HILL_CELLS))[None],
        torch.from_numpy(offsets(cells, SHAPE))[None],
        torch.zeros(1, 1, 2, 2),
    )
    masks = torch.zeros(1, 1, 2, 2)
    assert detection_loss(right, target, masks) < 0.3 * detection_loss(wrong, target, masks)


def test_neighbours_of_a_thing_point_to_it_too():
    points = np.array([(0.33, 0.71)])
    cells = GRID.cells(points)
    heat, offset = heat_map(cells, SHAPE, HILL_CELLS), offsets(cells, SHAPE)
    rows, columns = np.nonzero(heat > NEAR)
    assert len(rows) == 9
    for row, column in zip(rows, columns, strict=True):
        np.testing.assert_allclose((column, row) + offset[:, row, column], cells[0], atol=1e-6)


def test_places_outside_and_behind_leave_no_hill():
    places = np.array([(-3.0, 2.0), (np.nan, np.nan), (99.0, 1.0)])
    assert heat_map(places, SHAPE, 1.0).sum() == 0
    assert offsets(places, SHAPE).sum() == 0
