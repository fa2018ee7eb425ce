"""Varied pictures, homographies and truths still say the same."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.ground.augment import draw_variation, moved, no_variation, vary_mask, vary_picture
from copycar.ground.data import STRIDE, Rig, Sightings
from copycar.ground.grid import Grid
from copycar.ground.network import GroundNetwork
from copycar.ground.task import DetectionTask, Lessons
from ground.scenes import blob_pictures, four_cameras

SIZE = (96, 128)
CAMERAS = four_cameras(SIZE)
RIG = Rig.of(CAMERAS, SIZE, Grid.covering((-1.5, -1.0, 1.5, 1.0), 0.1))
POINTS = np.array([(0.3, 0.2), (-0.8, -0.4)])


def sightings():
    return Sightings(np.stack(blob_pictures(CAMERAS, POINTS))[None], [RIG.grid.cells(POINTS)], [POINTS])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_varied_cells_project_onto_the_varied_picture_of_the_thing(seed):
    variation = draw_variation(4, SIZE, RIG.shape, np.random.default_rng(seed))
    cells = moved(RIG.grid.cells(POINTS), np.linalg.inv(variation.ground))
    for view, picture in enumerate(sightings().pictures[0]):
        shown = vary_picture(picture, view, variation)
        matrix = variation.views[view] @ RIG.to_pixel[view] @ variation.ground
        places = np.column_stack([cells, [1, 1]]) @ matrix.T
        for column, row in (places[:, :2] / places[:, 2:]).round().astype(int):
            if 0 <= column < SIZE[1] and 0 <= row < SIZE[0]:
                red, green, _ = shown[row, column].astype(int)
                assert red > green + 40


def test_no_variation_changes_nothing():
    picture = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    assert (vary_picture(picture, 0, no_variation(1)) == picture).all()
    mask = np.eye(4, dtype=np.float32)
    assert (vary_mask(mask, 0, no_variation(1), STRIDE) == mask).all()


def test_at_least_one_camera_stays_and_often_all():
    rng = np.random.default_rng(0)
    kept = np.array([draw_variation(4, SIZE, RIG.shape, rng).is_kept.sum() for _ in range(300)])
    assert kept.min() == 1
    assert 0.4 < (kept == 4).mean() < 0.6


def test_what_lies_outside_a_shifted_picture_does_not_count():
    variation = no_variation(1)
    variation.views[0, 0, 2] = 2 * STRIDE
    mask = vary_mask(np.ones((4, 8), dtype=np.float32), 0, variation, STRIDE)
    assert mask[:, :2].sum() == 0
    assert mask[:, 2:].min() == 1


def test_the_same_epoch_gives_the_same_batches():
    task = DetectionTask(GroundNetwork(), RIG, sightings(), sightings(), Lessons(0.15, seed=3))
    first, again, other = (next(task.train_batches(epoch, torch.device("cpu"))) for epoch in (0, 0, 1))
    assert torch.equal(first.views.pictures, again.views.pictures)
    assert torch.equal(first.target.heat, again.target.heat)
    assert not torch.equal(first.views.pictures, other.views.pictures)


@pytest.mark.parametrize("is_varied", [True, False])
def test_targets_have_one_peak_per_thing_on_the_ground(is_varied):
    task = DetectionTask(GroundNetwork(), RIG, sightings(), sightings(), Lessons(0.15, is_varied=is_varied))
    batch = next(task.train_batches(0, torch.device("cpu")))
    assert int((batch.target.heat == 1).sum()) == 2
    assert int((batch.target.view_heat == 1).sum()) >= 4
    assert float(batch.target.offset.abs().max()) <= 1.5
