"""Rectangles painted over in one colour: dirt on the lens, a leg in the way. Knows nothing of what is below.

Source: T. DeVries and G. W. Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", arXiv
1708.04552.
"""

import torch
from torch import Tensor

from copycar.learning.augment.draw import some_of, uniform
from copycar.learning.augment.settings import Augmentation


def cut_out(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> None:
    """Paint a rectangle into some samples, in place; the same in all frames of a sample.

    Args:
        pictures: uint8 (B, T, H, W, 3).
        settings: `cutout`, `cutout_share`.
        generator: draws.
    """
    if not settings.cutout:
        return
    some, n = some_of(len(pictures), settings.cutout_share, generator)
    height, width = pictures.shape[2:4]
    down = draw_stretch(n, height, settings.cutout, generator)[:, None, :, None]
    across = draw_stretch(n, width, settings.cutout, generator).repeat_interleave(3, dim=1)[:, None, None]
    is_painted = (down & across).to(torch.uint8)  # (n, 1, H, W·3): long inner loops
    paint = torch.randint(256, (n, 3), dtype=torch.uint8, generator=generator).repeat(1, width)[:, None, None]
    left, added = (1 - is_painted).to(pictures.device), (paint * is_painted).to(pictures.device)
    pictures[some].flatten(3).mul_(left).add_(added)


def draw_stretch(n: int, length: int, longest: float, generator: torch.Generator) -> Tensor:
    """Return bool (n, length): in each row one stretch, at most the share `longest` of it, inside from end to end."""
    size = uniform(0, longest * length, (n, 1), generator)
    start = torch.rand((n, 1), generator=generator) * (length - size)
    place = torch.arange(length) + 0.5
    return (place >= start) & (place < start + size)
