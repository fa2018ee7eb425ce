import pytest
import torch
from dice import dice, noise_pictures, only

from copycar.learning.augment.settings import OFF, Augmentation
from copycar.learning.augment.vary import vary_light

EACH = {
    "tone": {"brightness": 0.2, "contrast": 0.3, "gamma": 0.5, "colour": 0.2},
    "shadow": {"shadow": 0.8},
    "cutout": {"cutout": 0.6},
    "blur": {"blur_sigma_px": 2.0},
    "motion blur": {"motion_blur_px": 6.0},
    "noise": {"noise_levels": 15.0},
    "jpeg": {"jpeg_quality": 20},
}
EVERYTHING = {name: value for fields in EACH.values() for name, value in fields.items()}
each = pytest.mark.parametrize("fields", EACH.values(), ids=EACH)


def test_with_everything_off_the_same_tensor_comes_back():
    images = noise_pictures(4, 16, 24)
    assert vary_light(images, OFF, dice()) is images


def test_every_field_of_light_switches_something_on():
    geometry = {"mirror", "shift_m", "turn_deg", "look_ahead_m"}
    for name in Augmentation.model_fields.keys() - geometry - {n for n in Augmentation.model_fields if "share" in n}:
        assert only(**{name: EVERYTHING[name]}).changes_light, name


@each
def test_it_gives_new_bytes_of_the_same_shape_and_leaves_the_given_ones(fields):
    images = noise_pictures(6, 24, 32)
    kept = images.clone()
    varied = vary_light(images, only(**fields), dice())
    assert varied.dtype == torch.uint8
    assert varied.shape == images.shape
    assert torch.equal(images, kept)
    assert (varied != images).flatten(1).any(dim=1).float().mean() > 0.8


@each
def test_the_same_dice_give_the_same_pictures_and_others_do_not(fields):
    images = noise_pictures(6, 24, 32)
    one, again, other = (vary_light(images, only(**fields), dice(seed)) for seed in (3, 3, 4))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


@each
def test_all_frames_of_a_sample_are_varied_alike_but_for_the_noise(fields):
    windows = noise_pictures(5, 1, 24, 32).repeat(1, 3, 1, 1, 1)
    varied = vary_light(windows, only(**fields), dice())
    alike = torch.equal(varied[:, 0], varied[:, 1]) and torch.equal(varied[:, 0], varied[:, 2])
    assert alike is ("noise_levels" not in fields)


@each
def test_a_sample_of_one_frame_is_varied_as_a_single_picture(fields):
    images = noise_pictures(5, 24, 32)
    settings = only(**fields)
    assert torch.equal(vary_light(images[:, None], settings, dice())[:, 0], vary_light(images, settings, dice()))


@each
def test_only_the_asked_share_of_the_samples_is_varied(fields):
    images = noise_pictures(400, 8, 8)
    shares = {name: 0.25 for name in Augmentation.model_fields if name.endswith("_share")}
    varied = vary_light(images, only(**fields | shares), dice())
    changed = (varied != images).flatten(1).any(dim=1).float().mean()
    assert 0.15 < changed <= 0.32


@each
def test_a_share_of_nothing_changes_nothing(fields):
    images = noise_pictures(20, 8, 8)
    shares = {name: 0.0 for name in Augmentation.model_fields if name.endswith("_share")}
    assert torch.equal(vary_light(images, only(**fields | shares), dice()), images)


@pytest.mark.parametrize("size", [(120, 160), (37, 51), (9, 8)])
def test_everything_at_once_works_on_pictures_of_any_size(size):
    varied = vary_light(noise_pictures(3, *size), only(**EVERYTHING), dice())
    assert varied.shape == (3, *size, 3)


@each
def test_it_works_on_the_device_of_the_pictures_alone(fields):
    elsewhere = torch.zeros(4, 24, 32, 3, dtype=torch.uint8, device="meta")  # refuses to meet a tensor of the CPU
    assert vary_light(elsewhere, only(**fields), dice()).device.type == "meta"
