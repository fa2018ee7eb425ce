"""Canny's edges (1986), as OpenCV computes them. Knows nothing of what is done with them."""

from typing import Literal, NamedTuple

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from copycar.learning.operations.colour import in_three_channels
from copycar.learning.operations.step import Step
from copycar.learning.operations.sums import window_sum

KERNELS = {
    3: ((1, 2, 1), (-1, 0, 1)),
    5: ((1, 4, 6, 4, 1), (-1, -2, 0, 2, 1)),
    7: ((1, 6, 15, 20, 15, 6, 1), (-1, -4, -5, 0, 5, 4, 1)),
}
"""Sobel's smoothing and difference, by aperture (OpenCV, getDerivKernels)."""

LARGE_APERTURE, LARGE_DIVISOR = 7, 16.0
"""OpenCV divides the gradients and both thresholds of the largest aperture, so that they fit 16 bits."""

TAN_22_5 = 0.41421356
"""Slope between a level and a slanting gradient."""

N_ROUNDS = 32
"""How many pixels a weak edge is followed from a strong one: a graph without loops cannot follow it to its end.

On 50 frames of three real recordings, the share of pixels that differ from OpenCV's (5.0) is 0.007 % with donkeycar's
thresholds, 60 and 110 (0.24 % on the worst frame), and 0.26 % with thresholds as far apart as 50 and 250 (1.5 %). A
round costs 9 us per frame of 160x120 in onnxruntime on one core, and about 0.2 s of the export.
"""


class Direction(NamedTuple):
    """Where a gradient points, bool (B, 1, H, W) each; where neither level nor upright, it slants.

    Attributes:
        is_level: within 22.5 degrees of the rows.
        is_upright: within 22.5 degrees of the columns.
        is_falling: where it slants, whether to the right and down (or left and up).
    """

    is_level: Tensor
    is_upright: Tensor
    is_falling: Tensor


class Canny(Step):
    """Edges: 255 on them and 0 elsewhere, the same in three channels.

    Brightness is rounded to whole grey levels first. As in OpenCV, every pixel takes the channel with the steepest
    gradient, and strength is |dx| + |dy|. Different from it: weak edges are followed for 32 pixels only.
    """

    op: Literal["canny"] = "canny"
    low: float = Field(default=60, ge=0)
    """Strength from which a pixel continues an edge."""
    high: float = Field(default=110, ge=0)
    """Strength from which a pixel begins an edge."""
    aperture: Literal[3, 5, 7] = 3
    """Size of the gradient's window, px; strengths grow with it."""

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape, 0 or 255."""
        strength, direction = _steepest(*_gradients(_whole_levels(images), self.aperture))
        low, high = sorted((self.low, self.high))
        divisor = LARGE_DIVISOR if self.aperture == LARGE_APERTURE else 1.0
        is_ridge = _is_ridge(strength, direction)
        edges = _followed(is_ridge & (strength > high // divisor), is_ridge & (strength > low // divisor))
        return in_three_channels(edges.to(images.dtype) * 255.0)


def _whole_levels(images: Tensor) -> Tensor:
    """Round, channel by channel in memory; halves, frequent in means, fall the same way in every runtime."""
    return torch.floor(images + 0.501).contiguous()


def _gradients(images: Tensor, aperture: int) -> tuple[Tensor, Tensor]:
    """Return dx and dy, (B, 3, H, W) whole numbers; pictures go on with their outermost pixels."""
    smooth, difference = KERNELS[aperture]
    reach = aperture // 2
    padded = functional.pad(images, (reach, reach, reach, reach), mode="replicate")
    dx = window_sum(window_sum(padded, smooth, axis=2), difference, axis=3)
    dy = window_sum(window_sum(padded, difference, axis=2), smooth, axis=3)
    if aperture == LARGE_APERTURE:
        return torch.round(dx / LARGE_DIVISOR), torch.round(dy / LARGE_DIVISOR)
    return dx, dy


def _steepest(dx: Tensor, dy: Tensor) -> tuple[Tensor, Direction]:
    """Return strength (B, 1, H, W) and direction of the channel whose gradient is steepest, the first of equal ones.

    Choosing among truth values takes a third of the time of choosing among gradients.
    """
    across, down = dx.abs(), dy.abs()
    strengths = across + down
    red, green, blue = (strengths[:, channel : channel + 1] for channel in range(3))
    strength = torch.maximum(torch.maximum(red, green), blue)
    is_red = red == strength
    is_green = (green == strength) & ~is_red
    is_blue = ~is_red & ~is_green

    def of_steepest(fact: Tensor) -> Tensor:
        return (fact[:, :1] & is_red) | (fact[:, 1:2] & is_green) | (fact[:, 2:] & is_blue)

    direction = Direction(
        is_level=of_steepest(down < TAN_22_5 * across),
        is_upright=of_steepest(TAN_22_5 * down > across),
        is_falling=of_steepest((dx < 0) == (dy < 0)),
    )
    return strength, direction


def _is_ridge(strength: Tensor, direction: Direction) -> Tensor:
    """Return bool (B, 1, H, W): no neighbour across the edge is stronger; of two equal ones the later is dropped."""
    height, width = strength.shape[-2:]
    around = functional.pad(strength, (1, 1, 1, 1))

    def neighbour(down: int, right: int) -> Tensor:
        return around[..., 1 + down : 1 + down + height, 1 + right : 1 + right + width]

    across = (strength > neighbour(0, -1)) & (strength >= neighbour(0, 1))
    upright = (strength > neighbour(-1, 0)) & (strength >= neighbour(1, 0))
    falling = (strength > neighbour(-1, -1)) & (strength > neighbour(1, 1))
    rising = (strength > neighbour(-1, 1)) & (strength > neighbour(1, -1))
    is_level, is_upright, is_falling = direction
    slanting = (is_falling & falling) | (~is_falling & rising)  # onnxruntime has no Where for truth values
    return (is_level & across) | (is_upright & upright) | (~is_level & ~is_upright & slanting)


def _followed(strong: Tensor, weak: Tensor) -> Tensor:
    """Return bool (B, 1, H, W): the weak pixels that hang together with a strong one, within `N_ROUNDS` pixels.

    Rows are laid out one after the other with a column of nothing between, so that neighbours are fixed distances:
    half the time of padding every round on four sides, and a fiftieth of `max_pool2d` in training.
    """
    batch, _, height, width = weak.shape
    row = width + 1
    weak = functional.pad(weak, (0, 1)).reshape(batch, -1)
    edges = functional.pad(strong, (0, 1)).reshape(batch, -1)
    for _ in range(N_ROUNDS):
        padded = functional.pad(edges, (1, 1))
        edges = edges | padded[:, :-2] | padded[:, 2:]
        padded = functional.pad(edges, (row, row))
        edges = (edges | padded[:, : -2 * row] | padded[:, 2 * row :]) & weak
    return edges.reshape(batch, 1, height, row)[..., :width]
