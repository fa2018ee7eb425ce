import numpy as np
import pytest
import torch

from copycar.core.errors import CopycarError
from copycar.learning.operations.canny import N_ROUNDS
from copycar.learning.pipeline import OPERATIONS, Pipeline, read_steps

RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


def plain(colour, height=12, width=16):
    return torch.tensor(colour, dtype=torch.uint8).expand(1, height, width, 3)


def after(images, *tables):
    return Pipeline(tuple(images.shape[1:3]), read_steps(tables))(images)


def noise(*shape, seed=0):
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


LEAST = {
    "colour": {"convert": "rgb_to_hsv"},
    "resize": {"width": 20, "height": 11},
    "scale": {"width": 0.7},
    "trapezoid": {"upper_right": 20, "lower_right": 25, "top": 3, "bottom": 20},
}
"""What an operation cannot do without."""


@pytest.mark.parametrize("op", OPERATIONS.names())
def test_every_operation_gives_three_channels_of_the_size_that_it_tells(op):
    images = noise(2, 21, 27, 3)
    (step,) = read_steps([{"op": op, **LEAST.get(op, {})}])
    pipeline = Pipeline((21, 27), [step])
    result = pipeline(images)
    assert result.shape == (2, 3, *step.size_after(21, 27))
    assert pipeline.output_size == step.size_after(21, 27)
    assert result.dtype == torch.float32
    assert result.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("op", OPERATIONS.names())
def test_a_batch_gives_what_each_picture_gives_alone(op):
    images, table = noise(3, 21, 27, 3), {"op": op, **LEAST.get(op, {})}
    alone = torch.cat([after(image[None], table) for image in images])
    torch.testing.assert_close(after(images, table), alone, rtol=0, atol=1e-5)


@pytest.mark.parametrize("op", OPERATIONS.names())
def test_every_field_is_explained(op):
    fields = OPERATIONS.get(op).model_fields
    assert OPERATIONS.get(op).__doc__
    assert [name for name, field in fields.items() if name != "op" and not field.description] == []


def test_a_mask_keeps_the_size_and_blackens_what_a_crop_cuts_off():
    images, edges = noise(1, 30, 40, 3), {"top": 9, "bottom": 2, "left": 3, "right": 5}
    masked = after(images, {"op": "mask", **edges})
    inside = masked[..., 9:28, 3:35]
    assert torch.equal(inside, after(images, {"op": "crop", **edges}))
    assert masked.sum() == inside.sum()
    assert masked.shape[-2:] == (30, 40)


def test_distances_from_the_edges_give_the_trapezoid_of_the_same_corners():
    images = noise(1, 30, 40, 3)
    absolute = {"upper_left": 8, "upper_right": 30, "lower_left": 2, "lower_right": 37, "top": 6, "bottom": 25}
    edges = {"upper_left": 8, "upper_right": 10, "lower_left": 2, "lower_right": 3, "top": 6, "bottom": 5}
    assert torch.equal(
        after(images, {"op": "trapezoid_edges", **edges}), after(images, {"op": "trapezoid", **absolute})
    )


def test_grey_weighs_colours_as_eyes_do():
    assert after(plain(RED), {"op": "grey"}).unique().tolist() == pytest.approx([255 * 0.299])


def test_blue_and_red_change_places():
    image = plain((10, 20, 30))
    assert after(image, {"op": "colour", "convert": "rgb_to_bgr"})[0, :, 0, 0].tolist() == [30, 20, 10]


@pytest.mark.parametrize(
    ("colour", "hsv"),
    [(RED, (0, 255, 255)), ((0, 255, 0), (60, 255, 255)), ((0, 0, 51), (120, 255, 51)), (BLACK, (0, 0, 0))],
)
def test_hue_is_in_units_of_two_degrees(colour, hsv):
    assert after(plain(colour), {"op": "colour", "convert": "rgb_to_hsv"})[0, :, 0, 0].tolist() == pytest.approx(hsv)


@pytest.mark.parametrize("first", ["rgb", "bgr"])
def test_colours_come_back_from_hsv(first):
    images = noise(1, 16, 16, 3)
    there, back = ({"op": "colour", "convert": f"{a}_to_{b}"} for a, b in ((first, "hsv"), ("hsv", first)))
    torch.testing.assert_close(after(images, there, back), images.permute(0, 3, 1, 2).float(), rtol=0, atol=1e-3)


@pytest.mark.parametrize("kind", ["gaussian", "box"])
def test_blurring_leaves_a_plain_picture_alone(kind):
    blurred = after(plain((10, 20, 200)), {"op": "blur", "kind": kind, "kernel": 9, "kernel_y": 11})
    torch.testing.assert_close(blurred, plain((10, 20, 200)).permute(0, 3, 1, 2).float(), rtol=0, atol=1e-4)


def test_a_weak_edge_is_followed_from_a_strong_one_for_so_many_pixels():
    levels = np.full((16, 120), 50)
    levels[:8] = 80  # weak: 4 * 30
    levels[:8, :4] = 150  # strong: 4 * 100
    image = torch.from_numpy(np.repeat(levels[None, ..., None], 3, axis=3).astype(np.uint8))
    on_the_edge = after(image, {"op": "canny", "low": 60, "high": 300})[0, 0, 7:9].amax(0) > 0
    assert on_the_edge[:N_ROUNDS].all()
    assert not on_the_edge[N_ROUNDS + 8 :].any()


def test_edges_of_a_float_batch_are_those_of_its_whole_levels():
    images, table = noise(1, 20, 30, 3), {"op": "canny"}
    assert torch.equal(after(images.float() + 0.4, table), after(images, table))


def test_a_picture_is_normalised_by_itself_over_all_channels():
    images = noise(2, 20, 30, 3)
    images[1] = images[1] // 2 + 60
    result = after(images, {"op": "normalise", "to": "image"}).flatten(1)
    torch.testing.assert_close(result.mean(1), torch.zeros(2), rtol=0, atol=1e-5)
    torch.testing.assert_close(result.std(1, correction=0), torch.ones(2), rtol=0, atol=1e-5)
    assert after(plain(WHITE), {"op": "normalise", "to": "image"}).abs().max() == 0


def test_imagenets_mean_becomes_zero():
    mean = plain((round(255 * 0.485), round(255 * 0.456), round(255 * 0.406)))
    assert after(mean, {"op": "normalise", "to": "imagenet"}).abs().max() < 0.01
    assert after(plain(WHITE), {"op": "normalise", "to": "imagenet"})[0, 0, 0, 0] == pytest.approx((1 - 0.485) / 0.229)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"op": "mask", "top": 10, "bottom": 10}, "whole picture black"),
        ({"op": "trapezoid", "upper_right": 20, "lower_right": 20, "top": 20, "bottom": 30}, "whole picture black"),
        ({"op": "trapezoid", "upper_right": 20, "lower_right": 20, "top": 9, "bottom": 9}, "no trapezoid"),
        ({"op": "trapezoid_edges", "upper_left": 20, "upper_right": 20}, "no trapezoid"),
        ({"op": "blur", "kind": "box", "kernel": 31, "kernel_y": 5}, "more than twice as large"),
    ],
)
def test_what_does_not_fit_the_picture_is_refused_in_words(table, why):
    with pytest.raises(CopycarError, match=why) as refusal:
        Pipeline((20, 15), read_steps([{"op": "grey"}, table]))
    assert f"step 2 of the pipeline, {table['op']}" in refusal.value.what
