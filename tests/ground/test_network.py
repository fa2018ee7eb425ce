"""What the network is by construction: blind to the order of cameras, to what is behind them, and to unused ones."""

import numpy as np
import pytest
import torch

from copycar.ground.data import STRIDE, Rig
from copycar.ground.grid import Grid
from copycar.ground.network import GroundNetwork, Views, lay_on_ground
from ground.scenes import SIZE, four_cameras

GRID = Grid.covering((-1.5, -1.0, 1.5, 1.0), 0.1)


@pytest.fixture
def rig():
    return Rig.of(four_cameras(), SIZE, GRID)


def views_of(rig, pictures=None, order=(0, 1, 2, 3)):
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (4, *SIZE, 3), dtype=np.uint8) if pictures is None else pictures
    to_feature = np.diag([1 / STRIDE, 1 / STRIDE, 1]) @ rig.to_pixel
    order = list(order)
    return Views(
        torch.from_numpy(pictures[order])[None],
        torch.from_numpy(to_feature[order].astype(np.float32))[None],
        torch.from_numpy(rig.masks[order])[None],
    )


@pytest.fixture
def network():
    torch.manual_seed(0)
    return GroundNetwork().eval()


def test_it_has_as_many_parameters_as_its_page_says(network):
    count = sum(parameter.numel() for parameter in network.parameters())
    assert f"{count:,} parameters" in __import__("copycar.ground.network", fromlist=["x"]).__doc__


def test_the_order_of_cameras_does_not_matter(rig, network):
    with torch.inference_mode():
        straight = network(views_of(rig), rig.shape)
        mixed = network(views_of(rig, order=(2, 0, 3, 1)), rig.shape)
    torch.testing.assert_close(straight.heat, mixed.heat, atol=1e-4, rtol=1e-4)


def test_a_camera_that_is_masked_out_says_nothing(rig, network):
    both = views_of(rig)
    masks = both.masks.clone()
    masks[:, 1] = 0
    changed = both.pictures.clone()
    changed[:, 1] = 0
    with torch.inference_mode():
        seen = network(Views(both.pictures, both.to_feature, masks), rig.shape)
        unseen = network(Views(changed, both.to_feature, masks), rig.shape)
    torch.testing.assert_close(seen.heat, unseen.heat)


def test_the_ground_gets_what_the_picture_shows_there(rig):
    """Each feature holds its own place: sampling a cell must give the place where the camera sees it."""
    height, width = rig.masks.shape[1:]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    features = torch.from_numpy(np.stack([columns, rows]))[None].expand(4, -1, -1, -1)
    laid, seen = lay_on_ground(features, views_of(rig), rig.shape)
    centres = GRID.centres()
    for view, camera in enumerate(rig.cameras):
        expected = camera.project(centres) / STRIDE
        is_seen = seen[0, view, 0].numpy().ravel()
        assert is_seen.mean() > 0.5
        np.testing.assert_allclose(laid[0, view].numpy().reshape(2, -1).T[is_seen], expected[is_seen], atol=1e-3)


def test_ground_behind_a_camera_is_not_seen(rig):
    far = Grid.covering((-20.0, -20.0, 20.0, 20.0), 0.5)
    wide = Rig.of(four_cameras(), SIZE, far)
    features = torch.ones(4, 3, *wide.masks.shape[1:])
    laid, seen = lay_on_ground(features, views_of(wide), wide.shape)
    centres = far.centres()
    for view, camera in enumerate(wide.cameras):
        is_behind = np.isnan(camera.project(centres)).any(axis=1)
        assert is_behind.mean() > 0.2
        assert not seen[0, view, 0].numpy().ravel()[is_behind].any()
        assert (laid[0, view, 0].numpy().ravel()[is_behind] == 0).all()


def test_any_number_of_cameras_will_do(rig, network):
    with torch.inference_mode():
        assert network(views_of(rig, order=(1,)), rig.shape).heat.shape == (1, *rig.shape)
