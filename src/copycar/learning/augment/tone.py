"""Another exposure: brightness, contrast, gamma and colour. Knows nothing of where in the picture things are.

Everything that changes a pixel by its own value alone is one table of 256 entries per sample and channel: exact for any
curve, and one look-up per byte. A look-up costs 35 us of one core for a frame of 160x120, the power of a gamma curve
alone 120 us.
"""

import torch
from torch import Tensor

from copycar.learning.augment.draw import around_zero, some_of
from copycar.learning.augment.settings import Augmentation

PART = 16
"""Samples looked up at once."""


def change_tone(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> None:
    """Expose some samples differently, in place; all frames of a sample alike.

    Args:
        pictures: uint8 (B, T, H, W, 3).
        settings: `brightness`, `contrast`, `gamma`, `colour`, `tone_share`.
        generator: draws.
    """
    if not (settings.brightness or settings.contrast or settings.gamma or settings.colour):
        return
    some, n = some_of(len(pictures), settings.tone_share, generator)
    tables = draw_tables(n, settings, generator).to(pictures.device)
    look_up(pictures[some], tables)


def draw_tables(n: int, settings: Augmentation, generator: torch.Generator) -> Tensor:
    """Return a tone curve for each sample and channel, uint8 (n, 3, 256)."""
    exponent = torch.exp(around_zero(1.0, (n, 1, 1), generator) * torch.log1p(torch.tensor(settings.gamma)))
    cast = 1 + around_zero(settings.colour, (n, 3, 1), generator)
    gain = 1 + around_zero(settings.contrast, (n, 1, 1), generator)
    offset = around_zero(settings.brightness, (n, 1, 1), generator)
    level = torch.linspace(0, 1, 256) ** exponent * cast
    level = 0.5 + (level - 0.5) * gain + offset  # contrast turns about mid grey
    return level.mul_(255).round_().clamp_(0, 255).to(torch.uint8)


def look_up(pictures: Tensor, tables: Tensor) -> None:
    """Exchange every byte of uint8 (n, T, H, W, 3) by the table uint8 (n, 3, 256) of its sample and channel, in place.

    Goes through the batch in parts whose indices, four bytes a byte, stay in the processor's cache.
    """
    width, channels = pictures.shape[3:]
    first = torch.arange(PART * channels, dtype=torch.int32, device=pictures.device).view(PART, 1, 1, 1, channels) * 256
    # repeated along the row, so that the inner loop is long: five times quicker than a last dimension of three
    first = first.expand(PART, 1, 1, width, channels).reshape(PART, 1, 1, -1)
    for part, some_tables in zip(torch.split(pictures, PART), torch.split(tables, PART), strict=True):
        entry = part.flatten(3).to(torch.int32).add_(first[: len(part)])
        part.copy_(some_tables.reshape(-1).index_select(0, entry.view(-1)).view(part.shape))
