"""What a file format must be able to say, so that a policy's graph can be written in it. Knows no formats.

The walk (`copycar.learning.export.walk`) calls these methods in running order. Pictures lie as (1, H, W, C), a dense
layer's weights as (outputs, inputs).
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.learning.export.graph import Array, Shape

Floats = NDArray[np.float32]
Activation = Literal["abs", "relu", "sigmoid", "tanh"]
"""What is done to every number alike."""
Sum = Literal["add", "sub", "mul", "div"]
"""Operations on two values."""

SMALLEST_DENSE = 4096
"""Dense layers of fewer weights stay in float32 in an int8 file: they are the heads, where rounding goes straight into
the action (the largest steering error of `copycar` falls from 0.13 to 0.01), and they cost next to nothing."""

T = TypeVar("T")


@dataclass(frozen=True)
class Window:
    """How a convolution or a pool moves over a picture.

    Attributes:
        size: (height, width) px of the window.
        stride: (down, across) px.
    """

    size: tuple[int, int]
    stride: tuple[int, int]

    def size_after(self, shape: Shape) -> tuple[int, int]:
        """Return (height, width) of what the window makes of a picture (1, H, W, C)."""
        (height, width), (down, across) = self.size, self.stride
        return (shape[1] - height) // down + 1, (shape[2] - width) // across + 1


class Builder(Protocol[T]):
    """Collects layers; `T` is its word for a value between two of them."""

    format: str
    """For messages, e.g. ".tflite"."""

    def input(self, name: str, shape: Shape, kind: np.dtype[Any]) -> T:
        """Declare an input of the file and return it as the graph expects it, of type `kind`."""

    def output(self, name: str, value: T) -> None:
        """Declare an output."""

    def as_float(self, value: T) -> T:
        """Return it as float32."""

    def transpose(self, value: T, axes: tuple[int, ...]) -> T:
        """Return it with axis i being what axis `axes[i]` was."""

    def reshape(self, value: T, shape: Shape) -> T:
        """Return it in another shape."""

    def cut(self, value: T, begin: Shape, size: Shape) -> T:
        """Return the block of `size` at `begin`."""

    def pad(self, value: T, above: int, below: int, left: int, right: int) -> T:
        """Return a picture with zeros around it."""

    def join(self, values: list[T], axis: int) -> T:
        """Return them one after the other along an axis."""

    def convolution(self, value: T, weights: Floats, bias: Floats, window: Window, activation: str | None) -> T:
        """Return the convolution with `weights` (O, kh, kw, I)."""

    def dense(self, value: T, weights: Floats, bias: Floats, activation: str | None) -> T:
        """Return (1, O) for (1, I)."""

    def pool(self, value: T, kind: Literal["max", "mean"], window: Window) -> T:
        """Return the largest, or the mean, of every window."""

    def resize(self, value: T, size: tuple[int, int]) -> T:
        """Return (1, height, width, C), bilinear with pixel centres at 0.5."""

    def softmax(self, value: T) -> T:
        """Return probabilities along the last axis."""

    def likeliest(self, value: T, table: Floats) -> T:
        """Return (1,), the entry of `table` (N,) at the place of the largest number of `value` (1, N)."""

    def mean(self, value: T) -> T:
        """Return the mean (1, C) of a picture (1, H, W, C)."""

    def by_own_mean(self, value: T, smallest: float) -> T:
        """Return a picture less the mean of all its numbers, divided by their deviation plus `smallest`."""

    def activation(self, value: T, kind: Activation) -> T:
        """Return the same shape."""

    def clip(self, value: T, lowest: float | None, highest: float | None) -> T:
        """Return numbers kept between two limits; None is no limit."""

    def rescale(self, value: T, scale: float, offset: float) -> T:
        """Return `scale` times the value, plus `offset`."""

    def combine(self, kind: Sum, value: T, other: T | Array) -> T:
        """Return `value` and `other`, number by number; `other` may be an array that broadcasts."""


def cannot_write(layer: str, file_format: str, why: str = "") -> CopycarError:
    """Return the error for a layer that a format has no words for."""
    return CopycarError(
        f"{file_format} cannot hold this network: it has the layer {layer}",
        why or "copycar does not know how to write this layer there",
        "drive with the .onnx file, which holds every network: copycar export … --to onnx",
    )
