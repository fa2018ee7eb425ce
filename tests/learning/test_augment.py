import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.learning.augment import draw_warps, gather_warped, relight, warp_steering
from copycar.learning.augmentation import OFF, Augmentation
from copycar.learning.geometry import Displacement, returning_steering, source_pixels

SIZE = (12, 16)
ONLY_MIRROR = Augmentation.model_validate(OFF.model_dump() | {"mirror": True})


def pictures(n: int = 5) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).integers(0, 256, (n, *SIZE, 3), dtype=np.uint8))


def warped(settings, vehicle, steering, number):
    warps = draw_warps(settings, SIZE, vehicle)
    rows, chosen = torch.arange(len(steering)), torch.full((len(steering),), number)
    return gather_warped(pictures(), rows, warps, chosen), warp_steering(torch.tensor(steering), warps, chosen)


def test_no_augmentation_leaves_bytes_and_labels_untouched(vehicle):
    steering = [-1.0, 0.3]
    images, got = warped(OFF, vehicle, steering, 0)
    assert images.dtype == torch.uint8
    assert torch.equal(images, pictures()[:2])
    assert torch.equal(got, torch.tensor(steering))
    assert torch.equal(relight(images, OFF, torch.Generator()), images.float())


def test_mirror_flips_the_picture_and_negates_the_steering():
    images, steering = warped(ONLY_MIRROR, None, [0.25, -1.0], 1)
    assert torch.equal(images, pictures()[:2].flip(2))
    assert steering.tolist() == [-0.25, 1.0]


def test_half_of_the_warps_are_mirrored_and_each_has_its_twin(vehicle):
    warps = draw_warps(Augmentation(), SIZE, vehicle)
    half = len(warps) // 2
    assert (warps.sign[:half] == 1).all()
    assert (warps.sign[half:] == -1).all()
    assert torch.equal(warps.steering[half:], -warps.steering[:half])
    twins = warps.pixels[half:].view(-1, *SIZE).flip(2)
    assert torch.equal(twins, warps.pixels[:half].view(-1, *SIZE))


def test_a_tub_that_names_no_camera_is_never_shifted():
    warps = draw_warps(Augmentation(), SIZE, None)
    assert len(warps) == 2  # as it is, and mirrored
    assert not warps.steering.any()


def test_the_share_of_displaced_frames_is_that_of_the_settings(vehicle):
    settings = Augmentation(mirror=False, displaced_share=0.25)
    warps = draw_warps(settings, SIZE, vehicle)
    assert (warps.steering != 0).float().mean() == pytest.approx(0.25)


def test_every_displaced_row_belongs_to_one_displacement_within_the_limits(vehicle):
    settings = Augmentation(mirror=False, displaced_share=1.0, shift_m=0.1, turn_deg=0.0)
    warps = draw_warps(settings, SIZE, vehicle, seed=3)
    shifts = np.random.default_rng(3).uniform(-0.1, 0.1, len(warps))
    camera = vehicle.camera(SIZE[1], SIZE[0])
    for row, right_m in enumerate(shifts):
        moved = Displacement(float(right_m), 0.0)
        np.testing.assert_array_equal(warps.pixels[row].numpy(), source_pixels(camera, moved).ravel())
        expected = returning_steering(vehicle, moved, settings.look_ahead_m)
        assert warps.steering[row].item() == pytest.approx(expected, rel=1e-5)


def test_the_same_seed_draws_the_same_warps(vehicle):
    one, two, other = (draw_warps(Augmentation(), SIZE, vehicle, seed) for seed in (1, 1, 2))
    assert torch.equal(one.pixels, two.pixels)
    assert torch.equal(one.steering, two.steering)
    assert not torch.equal(one.steering, other.steering)


@settings(max_examples=50, deadline=None)
@given(st.floats(-1, 1, width=32), st.integers(0, 10**6), st.floats(0, 2), st.floats(0, 45))
def test_labels_stay_within_full_steering(vehicle, steering, seed, shift_m, turn_deg):
    warps = draw_warps(Augmentation(shift_m=shift_m, turn_deg=turn_deg, displaced_share=1.0), (4, 6), vehicle, seed)
    n = len(warps)
    got = warp_steering(torch.full((n,), steering), warps, torch.arange(n))
    assert got.abs().max() <= 1.0


def test_another_light_keeps_every_picture_in_range_and_differs_from_picture_to_picture():
    grey = torch.full((16, 4, 4, 3), 128, dtype=torch.uint8)
    lit = relight(grey, Augmentation(), torch.Generator().manual_seed(0))
    assert lit.dtype == torch.float32
    assert lit.min() >= 0
    assert lit.max() <= 255
    assert len(lit[:, 0, 0, 0].unique()) == 16


def test_light_alone_changes_no_shape_in_the_picture():
    images = pictures(1)
    lit = relight(images, Augmentation(colour=0.0, brightness=0.05, contrast=0.05), torch.Generator().manual_seed(1))
    flat, before = lit.flatten(), images.flatten().float()
    inside = (flat > 0) & (flat < 255)
    assert torch.corrcoef(torch.stack([flat[inside], before[inside]]))[0, 1] > 0.9999
