import pytest
import torch

from copycar.learning.operations.normalise import by_own_mean
from copycar.learning.randomisation import RandomConvolution, RandomMounting


def pictures(n=40):
    """Left half dark, right half bright, in every channel another way; mean 0, deviation 1."""
    images = torch.zeros(n, 3, 12, 16)
    images[:, :, :, 8:] = torch.tensor([0.2, 0.5, 1.0])[:, None, None]
    return by_own_mean(images)


def test_about_the_share_of_pictures_is_changed_and_the_others_are_as_they_were():
    torch.manual_seed(0)
    before = pictures(400)
    after = RandomConvolution(0.5).train()(before)
    is_changed = (before != after).flatten(1).any(dim=1)
    assert after.shape == before.shape
    assert 160 <= int(is_changed.sum()) <= 240


def test_each_picture_gets_a_look_of_its_own_but_keeps_its_edges():
    torch.manual_seed(1)
    after = RandomConvolution(1.0).train()(pictures())
    for width in (slice(2, 6), slice(10, 14)):  # away from edges, where a 3x3 convolution sees both sides
        inside = after[:, :, 2:-2, width]
        torch.testing.assert_close(inside, inside.mean(dim=(2, 3), keepdim=True).expand_as(inside), atol=1e-4, rtol=0)
    left, right = after[:, :, 5, 4], after[:, :, 5, 12]
    assert (left - right).abs().amax(dim=1).min() > 0.01
    assert len({tuple(look) for look in right.round(decimals=3).tolist()}) == len(after)
    assert ((right - left) < 0).any()  # what was darker may be brighter now
    assert ((right - left) > 0).any()


def test_what_comes_out_is_normalised_like_what_went_in():
    torch.manual_seed(2)
    after = RandomConvolution(1.0).train()(pictures())
    torch.testing.assert_close(after.mean(dim=(1, 2, 3)), torch.zeros(len(after)), atol=1e-4, rtol=0)
    torch.testing.assert_close(after.square().mean(dim=(1, 2, 3)), torch.ones(len(after)), atol=1e-3, rtol=0)


@pytest.mark.parametrize("layer", [RandomConvolution(1.0), RandomMounting(0.1, 0.1)])
def test_outside_training_nothing_changes(layer):
    before = pictures()
    assert layer.eval()(before) is before


def horizon(n=200, height=60):
    """Sky above, ground below."""
    images = torch.ones(n, 3, height, 16)
    images[:, :, height // 2 :] = -1
    return images


def test_the_horizon_moves_up_and_down_by_the_share_that_was_asked_for():
    torch.manual_seed(0)
    after = RandomMounting(shift=0.1, zoom=0.0).train()(horizon())
    rows_of_sky = (after[:, 0, :, 8] > 0).sum(dim=1)
    assert 24 <= int(rows_of_sky.min()) <= 25
    assert 35 <= int(rows_of_sky.max()) <= 36


def test_things_get_larger_and_smaller_by_the_share_that_was_asked_for():
    torch.manual_seed(0)
    images = torch.zeros(200, 3, 60, 80)
    images[:, :, 20:40, 20:60] = 1
    after = RandomMounting(shift=0.0, zoom=0.1).train()(images)
    widths, heights = (after[:, 0] > 0.5).any(dim=1).sum(dim=1), (after[:, 0] > 0.5).any(dim=2).sum(dim=1)
    assert (int(widths.min()), int(widths.max())) == (36, 44)
    assert (int(heights.min()), int(heights.max())) == (18, 22)


def test_the_same_seed_gives_the_same_looks():
    layer, before = RandomConvolution(0.5).train(), pictures()
    looks = []
    for _ in range(2):
        torch.manual_seed(3)
        looks.append(layer(before))
    torch.testing.assert_close(*looks, atol=0, rtol=0)
