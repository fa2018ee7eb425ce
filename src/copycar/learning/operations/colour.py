"""Operations on colour. Three channels come in and three go out."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from copycar.learning.operations.step import Step

RED, GREEN, BLUE = 0.299, 0.587, 0.114
"""How bright each colour appears: ITU-R BT.601, as OpenCV."""

HALF_TURN = 180.0
"""Hue of a full turn, in OpenCV's units of two degrees, which fit a byte."""

Conversion = Literal["rgb_to_bgr", "bgr_to_rgb", "rgb_to_hsv", "bgr_to_hsv", "hsv_to_rgb", "hsv_to_bgr"]


class Grey(Step):
    """Brightness alone, three times."""

    op: Literal["grey"] = "grey"

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape with three equal channels."""
        red, green, blue = images.unbind(1)
        return in_three_channels((RED * red + GREEN * green + BLUE * blue)[:, None])


class Colour(Step):
    """Another order or kind of colours, with OpenCV's ranges for bytes.

    Frames come as RGB. HSV is hue 0 … 180 (two degrees a unit), saturation and value 0 … 255; hue runs in a circle, so
    0 and 180 are the same red and neighbouring pixels of red may lie far apart.
    """

    op: Literal["colour"] = "colour"
    convert: Conversion
    """From what to what."""

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape, converted."""
        return _CONVERSIONS[self.convert](images)


def in_three_channels(grey: Tensor) -> Tensor:
    """Return (B, 3, H, W) of (B, 1, H, W), in channels_last memory."""
    return grey.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


def rgb_to_hsv(images: Tensor) -> Tensor:
    """Return hue 0 … 180, saturation 0 … 255 and value 0 … 255 of RGB 0 … 255; grey has hue 0, black saturation 0."""
    red, green, blue = images.unbind(1)
    value = torch.maximum(torch.maximum(red, green), blue)
    chroma = value - torch.minimum(torch.minimum(red, green), blue)
    third = 2 * chroma  # a third of the circle, in units of the chroma
    turned = torch.where(value == green, blue - red + third, red - green + 2 * third)
    turned = torch.where(value == red, green - blue, turned)
    hue = turned * (HALF_TURN / 6) / chroma.clamp(min=1e-6)  # 0 / 1e-6 where there is no colour
    hue = torch.where(hue < 0, hue + HALF_TURN, hue)
    return torch.stack([hue, 255 * chroma / value.clamp(min=1e-6), value], dim=1)


def hsv_to_rgb(images: Tensor) -> Tensor:
    """Return RGB 0 … 255 of what `rgb_to_hsv` gives; a hue beyond 180 goes on round the circle.

    Formula: each colour falls from `value` by a trapezoid wave of the hue (Wikipedia, "HSL and HSV", alternative).
    """
    hue, saturation, value = images.unbind(1)
    depth = value * saturation / 255
    sector = hue * (6 / HALF_TURN)
    channels = []
    for phase in (5.0, 3.0, 1.0):  # red, green, blue
        wave = torch.remainder(sector + phase, 6.0)
        channels.append(value - depth * torch.minimum(wave, 4 - wave).clamp(0, 1))
    return torch.stack(channels, dim=1)


def _swapped(images: Tensor) -> Tensor:
    return images.flip(1)


_CONVERSIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "rgb_to_bgr": _swapped,
    "bgr_to_rgb": _swapped,
    "rgb_to_hsv": rgb_to_hsv,
    "bgr_to_hsv": lambda images: rgb_to_hsv(_swapped(images)),
    "hsv_to_rgb": hsv_to_rgb,
    "hsv_to_bgr": lambda images: _swapped(hsv_to_rgb(images)),
}
