import pytest
import torch
from dice import dice, only

from copycar.learning.augment.noise import noisy, stock
from copycar.learning.augment.vary import vary_light


def test_noise_has_no_mean_and_the_strength_it_is_given():
    grey = torch.full((2, 1, 100, 100, 3), 128, dtype=torch.uint8)
    normal = stock(60_000, torch.device("cpu")).view(2, -1)
    seen = noisy(grey, normal, torch.tensor([5.0, 20.0]).view(2, 1, 1)).float() - 128
    assert seen.mean().item() == pytest.approx(0, abs=0.3)
    assert seen.flatten(1).std(dim=1).tolist() == pytest.approx([5, 20], rel=0.03)


def test_dark_and_light_stay_within_the_scale():
    for level in (0, 255):
        flat = torch.full((4, 20, 20, 3), level, dtype=torch.uint8)
        seen = vary_light(flat, only(noise_levels=40.0), dice()).float()
        assert (seen - level).abs().max() < 200  # nothing wraps round


def test_every_frame_of_a_window_has_noise_of_its_own():
    grey = torch.full((1, 3, 30, 30, 3), 128, dtype=torch.uint8)
    seen = vary_light(grey, only(noise_levels=20.0), dice()).float().flatten(2)[0]
    assert torch.corrcoef(seen).fill_diagonal_(0).abs().max() < 0.1
