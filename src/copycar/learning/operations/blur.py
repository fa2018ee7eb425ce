"""Blurring: neighbouring pixels are averaged."""

import math
from typing import Literal, Self

from pydantic import Field, model_validator
from torch import Tensor
from torch.nn import functional

from copycar.learning.operations.step import Step
from copycar.learning.operations.sums import window_sum

LARGEST_KERNEL = 31

SMALL_GAUSSIANS = {
    1: (1.0,),
    3: (0.25, 0.5, 0.25),
    5: (0.0625, 0.25, 0.375, 0.25, 0.0625),
    7: (0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125),
    9: (0.015625, 0.05078125, 0.1171875, 0.19921875, 0.234375, 0.19921875, 0.1171875, 0.05078125, 0.015625),
}
"""Weights of small Gaussian kernels, from OpenCV's getGaussianKernel."""

FRACTIONS = 256
"""OpenCV blurs bytes with weights that are whole 1/256."""


class Blur(Step):
    """Average over a window around every pixel; pictures go on mirrored beyond their edges."""

    op: Literal["blur"] = "blur"
    kind: Literal["gaussian", "box"] = "gaussian"
    """`gaussian` favours the middle, `box` weighs all alike."""
    kernel: int = Field(default=5, ge=1, le=LARGEST_KERNEL)
    """Width of the window, px; odd for a Gaussian."""
    kernel_y: int | None = Field(default=None, ge=1, le=LARGEST_KERNEL)
    """Height of the window, px; by default its width."""

    @model_validator(mode="after")
    def _gaussian_has_a_middle(self) -> Self:
        if self.kind == "gaussian" and not (self.kernel % 2 and (self.kernel_y or self.kernel) % 2):
            raise ValueError("kernel and kernel_y should be odd for a Gaussian")
        return self

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return the size unchanged.

        Raises:
            ValueError: the window reaches further beyond an edge than the picture is wide.
        """
        if height <= (self.kernel_y or self.kernel) // 2 or width <= self.kernel // 2:
            raise ValueError("its kernel is more than twice as large as the picture")
        return height, width

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape, not rounded to whole grey levels."""
        across, down = self._weights(self.kernel), self._weights(self.kernel_y or self.kernel)
        padded = functional.pad(images, (*_reach(len(across)), *_reach(len(down))), mode="reflect")
        return window_sum(window_sum(padded, down, axis=2), across, axis=3)

    def _weights(self, kernel: int) -> tuple[float, ...]:
        return gaussian(kernel) if self.kind == "gaussian" else (1 / kernel,) * kernel


def gaussian(kernel: int) -> tuple[float, ...]:
    """Return the weights of a window of `kernel` px; their sum is 1.

    Its width is OpenCV's choice for a kernel alone: sigma = 0.3 * ((kernel - 1) / 2 - 1) + 0.8.
    """
    if kernel in SMALL_GAUSSIANS:
        return SMALL_GAUSSIANS[kernel]
    sigma = 0.3 * ((kernel - 1) / 2 - 1) + 0.8
    weights = [math.exp(-((place - kernel // 2) ** 2) / (2 * sigma**2)) for place in range(kernel)]
    rounded, left_over = [], 0.0
    for weight in weights[: kernel // 2]:
        exact = FRACTIONS * weight / sum(weights) + left_over  # what rounding takes here, it gives to the next weight
        rounded.append(round(exact))
        left_over = exact - rounded[-1]
    middle = FRACTIONS - 2 * sum(rounded)
    return tuple(weight / FRACTIONS for weight in (*rounded, middle, *reversed(rounded)))


def _reach(kernel: int) -> tuple[int, int]:
    """Return how far a window reaches before and after its pixel; an even one reaches further before, as OpenCV's."""
    return kernel // 2, kernel - 1 - kernel // 2
