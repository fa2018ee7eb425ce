import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.learning.augment.settings import OFF, Augmentation
from copycar.learning.augment.warps import draw_warps, gather_warped, warp_steering
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


def test_nothing_changes_only_where_every_warp_is_the_frame_itself(vehicle):
    assert draw_warps(OFF, SIZE, vehicle).changes_nothing
    assert not draw_warps(ONLY_MIRROR, SIZE, None).changes_nothing
    only_shift = Augmentation.model_validate(OFF.model_dump() | {"shift_m": 0.1})
    assert not draw_warps(only_shift, SIZE, vehicle).changes_nothing
    assert draw_warps(only_shift, SIZE, None).changes_nothing  # without a camera there is no shift
