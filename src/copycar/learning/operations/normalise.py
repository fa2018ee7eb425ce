"""From brightness 0 … 255 to the numbers that a network computes with."""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from copycar.learning.operations.step import Step

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of R, G and B in 0 … 1 over ImageNet's training pictures, as torchvision's networks expect them."""

SMALLEST_STD = 1e-6
"""Added to a picture's own deviation, so that one colour alone divides by no zero; AutCar's number, in its 0 … 255."""


class Normalise(Step):
    """Map brightness 0 … 255 to small numbers; the last step of a pipeline."""

    ends_grey_levels: ClassVar[bool] = True

    op: Literal["normalise"] = "normalise"
    to: Literal["unit", "centred", "image", "imagenet"] = "unit"
    """`unit` 0 … 1 as donkeycar, `centred` -1 … 1 as PilotNet, `image` by each picture's own mean and deviation as
    AutCar, `imagenet` by those of ImageNet."""

    def apply(self, images: Tensor) -> Tensor:
        """Return the same shape, scaled."""
        if self.to == "unit":
            return images / 255.0
        if self.to == "centred":
            return images / 127.5 - 1.0
        return by_own_mean(images) if self.to == "image" else _by_imagenet(images)


def by_own_mean(images: Tensor) -> Tensor:
    """Return each picture less its mean over all pixels and channels, divided by its deviation (of the population)."""
    centred = images - _mean(images)
    return centred / (_mean(centred.square()).sqrt() + SMALLEST_STD)


def _mean(images: Tensor) -> Tensor:
    """Return (B, 1, 1, 1), axis by axis: sums of few numbers are the same in every runtime to seven digits."""
    return images.mean(3, keepdim=True).mean(2, keepdim=True).mean(1, keepdim=True)


def _by_imagenet(images: Tensor) -> Tensor:
    """Return (picture / 255 - mean) / deviation, by channel."""
    mean, std = (torch.tensor(values, device=images.device) for values in (IMAGENET_MEAN, IMAGENET_STD))
    return images * (1 / (255 * std))[:, None, None] - (mean / std)[:, None, None]
