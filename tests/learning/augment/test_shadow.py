import torch
from dice import dice, noise_pictures

from copycar.learning.augment.shadow import FAINTEST, draw_light, shaded

SIZE = (60, 80)


def test_light_is_only_taken_and_at_most_as_much_as_asked():
    light = draw_light(200, SIZE, 0.6, dice())
    assert light.shape == (200, *SIZE)
    assert light.max() <= 1
    assert 0.4 <= light.min() < 0.45
    darkest = light.amin(dim=(1, 2))
    assert (darkest <= 1 - FAINTEST * 0.6 + 1e-6).all()  # every one is to be seen


def test_most_of_a_shadow_is_evenly_dark_and_its_edge_is_thin():
    light = draw_light(100, SIZE, 0.6, dice())
    darkest = light.amin(dim=(1, 2), keepdim=True)
    between = (light > darkest + 1e-4) & (light < 1 - 1e-4)
    assert between.float().mean() < 0.05


def test_shadows_lie_in_every_part_of_the_picture():
    is_dark = draw_light(500, SIZE, 0.6, dice()) < 0.999
    often = is_dark.float().mean(dim=0)
    assert often.min() > 0.15
    assert often.max() < 0.8


def test_a_shadow_darkens_every_colour_alike_in_every_frame():
    windows = noise_pictures(2, 3, *SIZE)
    light = torch.ones(2, *SIZE)
    light[1, 10:20] = 0.5
    seen = shaded(windows, light)
    assert torch.equal(seen[0], windows[0])
    assert torch.equal(seen[1, :, 20:], windows[1, :, 20:])
    assert torch.equal(seen[1, :, 10:20], (windows[1, :, 10:20] * 0.5).round().to(torch.uint8))
