import torch
from dice import dice, noise_pictures, only

from copycar.learning.augment.tone import draw_tables, look_up
from copycar.learning.augment.vary import vary_light

LEVELS = torch.arange(256).float()


def tables(n=200, **fields):
    return draw_tables(n, only(**fields), dice()).float()


def test_brightness_adds_at_most_its_share_of_full_scale():
    moved = tables(brightness=0.1) - LEVELS
    middle = moved[:, :, 60:190]
    assert middle.abs().max() <= 26
    assert middle.max() > 20
    assert middle.min() < -20
    assert (middle.amax(dim=(1, 2)) - middle.amin(dim=(1, 2)) <= 1).all()  # the same for every level and channel


def test_contrast_turns_about_mid_grey():
    curve = tables(contrast=0.5)
    assert ((curve[:, :, 127:129] - 127.5).abs() <= 2).all()
    slope = (curve[:, 0, 150] - curve[:, 0, 105]) / 45
    assert slope.min() > 0.45
    assert slope.max() < 1.55
    assert slope.max() - slope.min() > 0.8


def test_gamma_keeps_black_and_white_and_draws_exponents_to_both_sides_alike():
    curve = tables(gamma=1.0)
    assert (curve[:, :, 0] == 0).all()
    assert (curve[:, :, 255] == 255).all()
    exponent = torch.log(curve[:, 0, 128] / 255) / torch.log(torch.tensor(128 / 255))
    assert 0.49 < exponent.min() < 0.6
    assert 1.7 < exponent.max() < 2.02
    assert 0.3 < (exponent < 1).float().mean() < 0.7


def test_colour_scales_each_channel_by_its_own_factor():
    factor = tables(colour=0.3)[:, :, 150] / 150
    assert factor.min() > 0.69
    assert factor.max() < 1.31
    assert (factor.amax(dim=1) - factor.amin(dim=1)).mean() > 0.1


def test_a_curve_never_turns_dark_to_light():
    curves = tables(brightness=0.3, contrast=0.5, gamma=0.5, colour=0.2)
    assert (curves.diff(dim=2) >= 0).all()


def test_each_byte_is_looked_up_in_the_table_of_its_sample_and_channel():
    pictures = noise_pictures(2, 2, 5, 7)
    some = torch.from_numpy(noise_pictures(2 * 256).numpy().reshape(2, 3, 256))
    seen = pictures.clone()
    look_up(seen, some)
    for sample in range(2):
        for channel in range(3):
            expected = some[sample, channel][pictures[sample, ..., channel].long()]
            assert torch.equal(seen[sample, ..., channel], expected)


def test_light_differs_from_picture_to_picture():
    grey = torch.full((16, 4, 4, 3), 128, dtype=torch.uint8)
    lit = vary_light(grey, only(brightness=0.3), dice())
    assert len(lit[:, 0, 0, 0].unique()) > 10
