"""Pictures out of focus, and smeared by a turn. Knows nothing of lenses or speeds.

Each sample gets a filter of its own, and all of them run at once.
"""

import math

import torch
from torch import Tensor

from copycar.learning.augment.draw import some_of, uniform
from copycar.learning.augment.settings import Augmentation

REACH = 2.0
"""Of the filter, in standard deviations: 95 % of a Gaussian, as donkeycar's 13 pixels for 3."""

LEAST_SIGMA_PX = 0.1
"""Below it a Gaussian is one pixel."""


def blur(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> None:
    """Put some samples out of focus, in place; all frames of a sample alike.

    Args:
        pictures: uint8 (B, T, H, W, 3).
        settings: `blur_sigma_px`, `blur_share`.
        generator: draws.
    """
    if not settings.blur_sigma_px:
        return
    some, n = some_of(len(pictures), settings.blur_share, generator)
    sigma_px = uniform(LEAST_SIGMA_PX, max(LEAST_SIGMA_PX, settings.blur_sigma_px), (n, 1), generator)
    filters = gaussians(sigma_px, math.ceil(REACH * settings.blur_sigma_px)).to(pictures.device)
    pictures[some] = filtered(pictures[some], across=filters, down=filters)


def smear(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> None:
    """Smear some samples sideways, as a turning car's camera does, in place; all frames of a sample alike.

    Args:
        pictures: uint8 (B, T, H, W, 3).
        settings: `motion_blur_px`, `motion_blur_share`.
        generator: draws.
    """
    if not settings.motion_blur_px:
        return
    some, n = some_of(len(pictures), settings.motion_blur_share, generator)
    length_px = uniform(1, max(1.0, settings.motion_blur_px), (n, 1), generator)
    filters = boxes(length_px, math.ceil(settings.motion_blur_px / 2)).to(pictures.device)
    pictures[some] = filtered(pictures[some], across=filters)


def gaussians(sigma_px: Tensor, reach_px: int) -> Tensor:
    """Return one filter per row, float32 (n, 2·reach + 1), each of sum 1.

    Args:
        sigma_px: (n, 1) standard deviations.
        reach_px: how far the filters go to either side.
    """
    place = torch.arange(-reach_px, reach_px + 1)
    return torch.softmax(-0.5 * (place / sigma_px) ** 2, dim=1)


def boxes(length_px: Tensor, reach_px: int) -> Tensor:
    """Return the mean over `length_px` (n, 1) pixels as filters, float32 (n, 2·reach + 1), each of sum 1."""
    place = torch.arange(-reach_px, reach_px + 1)
    share = (length_px / 2 + 0.5 - place.abs()).clamp(0, 1)  # the outermost pixels count in part
    return share / share.sum(dim=1, keepdim=True)


def filtered(pictures: Tensor, across: Tensor, down: Tensor | None = None) -> Tensor:
    """Return uint8 (n, T, H, W, 3), every sample under its own filters (n, k); borders are repeated outwards."""
    lines = _slid(pictures.flatten(3).float(), across, 3, step=pictures.shape[4])  # (n, T, H, W·3): long inner loops
    if down is not None:
        lines = _slid(lines, down, 2, step=1)
    return lines.round_().to(torch.uint8).view(pictures.shape)


def _slid(lines: Tensor, filters: Tensor, dim: int, step: int) -> Tensor:
    """Return the sums of `lines` (n, T, H, W·3) moved by 0, `step`, 2 `step` … along `dim`, weighted by (n, k).

    One multiply-add of the whole batch per tap: half the time of torch's grouped convolution on a CPU.
    """
    length, n_taps = lines.shape[dim], filters.shape[1]
    beyond = [1, 1, 1, 1]
    beyond[dim] = n_taps // 2
    first, last = lines.narrow(dim, 0, step), lines.narrow(dim, length - step, step)
    wide = torch.cat([first.repeat(beyond), lines, last.repeat(beyond)], dim)
    total = torch.zeros_like(lines)
    for tap in range(n_taps):
        total.addcmul_(wide.narrow(dim, tap * step, length), filters[:, tap].view(-1, 1, 1, 1))
    return total
