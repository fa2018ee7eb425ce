import numpy as np
import pytest
import torch
from dice import noise_pictures

from copycar.learning.augment.blur import boxes, filtered, gaussians


def test_every_filter_keeps_the_brightness_and_is_symmetric():
    width = torch.tensor([[0.1], [1.0], [3.0]])
    for filters in (gaussians(width, 6), boxes(width + 1, 6)):
        assert filters.sum(dim=1) == pytest.approx(1.0)
        assert torch.equal(filters, filters.flip(1))


def test_a_gaussian_spreads_as_far_as_its_sigma_says():
    place = torch.arange(-20, 21)
    for sigma in (1.0, 2.0, 3.0):
        spread = (gaussians(torch.tensor([[sigma]]), 20) * place**2).sum().sqrt()
        assert spread.item() == pytest.approx(sigma, rel=0.01)


def test_the_narrowest_gaussian_and_the_shortest_smear_leave_the_picture():
    pictures = noise_pictures(1, 1, 12, 16)
    nothing = gaussians(torch.tensor([[0.1]]), 3)
    assert torch.equal(filtered(pictures, across=nothing, down=nothing), pictures)
    assert torch.equal(filtered(pictures, across=boxes(torch.tensor([[1.0]]), 3)), pictures)


def test_a_smear_of_three_is_the_mean_of_three_neighbours_and_runs_sideways_alone():
    row = torch.tensor([10, 40, 100, 70, 20], dtype=torch.uint8)
    picture = row[None, :, None].repeat(4, 1, 3)[None, None]
    seen = filtered(picture, across=boxes(torch.tensor([[3.0]]), 4))
    assert seen[0, 0, :, :, 0].unique(dim=0).tolist() == [[20, 50, 70, 63, 37]]  # the borders are repeated outwards


def test_every_sample_gets_its_own_filter_like_numpy_would():
    pictures = noise_pictures(3, 2, 10, 14)
    filters = gaussians(torch.tensor([[0.5], [1.0], [2.0]]), 4)
    seen = filtered(pictures, across=filters, down=filters).float()
    for sample in range(3):
        kernel = np.outer(filters[sample], filters[sample])
        wide = np.pad(pictures[sample].numpy().astype(float), ((0, 0), (4, 4), (4, 4), (0, 0)), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(wide, (9, 9), axis=(1, 2))
        expected = np.einsum("thwcij,ij->thwc", windows, kernel)
        assert np.abs(seen[sample].numpy() - expected).max() <= 0.51
