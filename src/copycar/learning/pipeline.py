"""Image operations that are part of the network, so training and driving cannot differ. Knows no files.

Every operation is a torch module on float32 (B, 3, H, W) and is exported inside the policy's graph.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from copycar.core.config import Settings
from copycar.core.errors import CopycarError

MIN_SIZE_PX = 8


class Crop(Settings):
    """Cut rows and columns off, in pixels of the frame at this point of the pipeline."""

    op: Literal["crop"] = "crop"
    top: int = Field(default=0, ge=0)
    """Rows cut off above."""
    bottom: int = Field(default=0, ge=0)
    """Rows cut off below."""
    left: int = Field(default=0, ge=0)
    """Columns cut off on the left."""
    right: int = Field(default=0, ge=0)
    """Columns cut off on the right."""

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return the (height, width) that remains."""
        return height - self.top - self.bottom, width - self.left - self.right

    def apply(self, images: Tensor) -> Tensor:
        """Return the inner rectangle of (B, 3, H, W)."""
        height, width = images.shape[-2:]
        return images[..., self.top : height - self.bottom, self.left : width - self.right]


class Resize(Settings):
    """Scale to a fixed size: the mean of whole blocks where it shrinks by two or more, then bilinear."""

    op: Literal["resize"] = "resize"
    height: int = Field(ge=MIN_SIZE_PX)
    """Rows after the step."""
    width: int = Field(ge=MIN_SIZE_PX)
    """Columns after the step."""

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return the fixed size, whatever came in."""
        del height, width
        return self.height, self.width

    def apply(self, images: Tensor) -> Tensor:
        """Return (B, 3, height, width)."""
        if images.shape[-2:] == (self.height, self.width):
            return images
        blocks = max(1, images.shape[-2] // self.height), max(1, images.shape[-1] // self.width)
        if blocks != (1, 1):  # the mean of whole blocks first: cheap, and thin lines do not fall between samples
            images = _block_mean(images, *blocks)
        if images.shape[-2:] == (self.height, self.width):
            return images
        return functional.interpolate(images, (self.height, self.width), mode="bilinear", align_corners=False)


class Normalise(Settings):
    """Map brightness 0…255 to 0…1 (`unit`), or to about -1…1 around mid grey (`centred`)."""

    op: Literal["normalise"] = "normalise"
    to: Literal["unit", "centred"] = "unit"
    """`unit` as donkeycar, `centred` as PilotNet."""

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return the size unchanged."""
        return height, width

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape, scaled."""
        return images / 255.0 if self.to == "unit" else images / 127.5 - 1.0


def _block_mean(images: Tensor, down: int, across: int) -> Tensor:
    """Return the mean of `down` x `across` blocks, as `avg_pool2d`.

    Sums of slices are seven times quicker on a CPU for three channels in channels_last (19 against 135 us per frame of
    160x120), and a good part of a whole step of our network.
    """
    batch, channels, height, width = images.shape
    rows, columns = height // down, width // across
    lines = images.permute(0, 2, 3, 1)[:, : rows * down, : columns * across]
    lines = lines.reshape(batch, rows, down, columns * across * channels)
    summed = sum_of(lines[:, :, i] for i in range(down)).reshape(batch, rows, columns, across, channels)
    total = sum_of(summed[:, :, :, i] for i in range(across))
    return (total / (down * across)).permute(0, 3, 1, 2)


def sum_of(parts: Iterable[Tensor]) -> Tensor:
    """Return the sum of one or more tensors of one shape."""
    return reduce(torch.add, parts)


Step = Annotated[Crop | Resize | Normalise, Field(discriminator="op")]


class Pipeline(nn.Module):
    """The steps one after the other, from the camera's raw bytes to what the network's first layer sees.

    Args:
        image_size: (height, width) of the raw frame.
        steps: the operations, in order.

    Attributes:
        image_size: (height, width) that comes in.
        output_size: (height, width) that goes out.

    Raises:
        CopycarError: a step leaves fewer than `MIN_SIZE_PX` rows or columns.
    """

    def __init__(self, image_size: tuple[int, int], steps: Sequence[Crop | Resize | Normalise]) -> None:
        super().__init__()
        self.image_size, self.steps = image_size, tuple(steps)
        size = image_size
        for step in self.steps:
            size = step.size_after(*size)
            if min(size) < MIN_SIZE_PX:
                raise CopycarError(
                    f"the pipeline step {step!r} leaves {size[1]}x{size[0]} pixels of a frame",
                    f"the camera gives {image_size[1]}x{image_size[0]}",
                    "cut off less",
                )
        self.output_size = size

    def forward(self, images: Tensor) -> Tensor:
        """Return float32 (B, 3, h, w) of uint8 (B, H, W, 3)."""
        # a permuted NHWC batch *is* channels_last, the quickest layout for convolutions on a CPU
        x = images.permute(0, 3, 1, 2).to(torch.float32)
        for step in self.steps:
            x = step.apply(x)
        return x
