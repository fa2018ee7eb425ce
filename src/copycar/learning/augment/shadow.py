"""Shadows of trees, fences and houses: a dark band across the picture. Knows nothing of the sun or the ground."""

import math

import torch
from torch import Tensor

from copycar.learning.augment.draw import some_of, uniform
from copycar.learning.augment.settings import Augmentation

FAINTEST = 0.3
"""Of the deepest shadow: fainter ones teach nothing."""


def cast_shadow(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> None:
    """Darken a band of some samples, in place; the same in all frames of a sample.

    A band lies anywhere, in any direction, and is as wide as the picture or narrower, so that many are half-planes.

    Args:
        pictures: uint8 (B, T, H, W, 3).
        settings: `shadow`, `shadow_share`.
        generator: draws.
    """
    if not settings.shadow:
        return
    some, n = some_of(len(pictures), settings.shadow_share, generator)
    height, width = pictures.shape[2:4]
    light = draw_light(n, (height, width), settings.shadow, generator).to(pictures.device)
    pictures[some] = shaded(pictures[some], light)


def draw_light(n: int, image_size: tuple[int, int], deepest: float, generator: torch.Generator) -> Tensor:
    """Return how much light is left at every pixel, float32 (n, H, W), 1 - `deepest` … 1."""
    height, width = image_size
    angle = uniform(0, 2 * math.pi, (n, 1, 1), generator)
    across, down = torch.cos(angle), torch.sin(angle)
    middle_across = uniform(0, width, (n, 1, 1), generator)
    middle_down = uniform(0, height, (n, 1, 1), generator)
    half_px = uniform(0.05, 0.5, (n, 1, 1), generator) * max(height, width)
    taken = uniform(FAINTEST, 1, (n, 1, 1), generator) * deepest
    from_middle_px = (torch.arange(width) - middle_across) * across + (
        torch.arange(height)[:, None] - middle_down
    ) * down
    inside = (half_px + 0.5 - from_middle_px.abs_()).clamp_(0, 1)  # the edge is one pixel wide
    return 1 - taken * inside


def shaded(pictures: Tensor, light: Tensor) -> Tensor:
    """Return uint8 (n, T, H, W, 3) under the light (n, H, W)."""
    per_byte = light.repeat_interleave(pictures.shape[4], dim=2)[:, None]  # (n, 1, H, W·3): long inner loops
    return pictures.flatten(3).float().mul_(per_byte).round_().to(torch.uint8).view(pictures.shape)
