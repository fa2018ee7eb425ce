"""The grain of a small camera in poor light: independent Gaussian noise on every byte. Knows nothing of sensors.

Drawing a normal number per byte costs 150 us of one core for a frame of 160x120, more than all other variations
together. So a stock is drawn once, and every frame takes a stretch of it that begins at a random place.
"""

from functools import lru_cache

import torch
from torch import Tensor

from copycar.learning.augment.draw import some_of, uniform
from copycar.learning.augment.settings import Augmentation

STOCK_FRAMES = 4
"""The stock's length in frames: a stretch begins at one of (4 - 1)·H·W·3 places, 172,800 for frames of 160x120."""


def add_noise(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> None:
    """Add noise to some samples, in place; equally strong but another in each frame of a sample.

    Args:
        pictures: uint8 (B, T, H, W, 3).
        settings: `noise_levels`, `noise_share`.
        generator: draws.
    """
    if not settings.noise_levels:
        return
    some, n = some_of(len(pictures), settings.noise_share, generator)
    sigma = uniform(0, settings.noise_levels, (n, 1, 1), generator).to(pictures.device)
    frames, n_bytes = pictures.shape[1], pictures[0, 0].numel()
    starts = torch.randint((STOCK_FRAMES - 1) * n_bytes, (n * frames,), generator=generator)
    noise = stock(STOCK_FRAMES * n_bytes, pictures.device).unfold(0, n_bytes, 1)
    pictures[some] = noisy(pictures[some], noise.index_select(0, starts.to(pictures.device)), sigma)


def noisy(pictures: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """Return uint8 (n, T, H, W, 3) plus `sigma` (n, 1, 1) times the standard normal noise (n·T, H·W·3)."""
    flat = pictures.flatten(2).float()
    return flat.addcmul_(noise.view(flat.shape), sigma).round_().clamp_(0, 255).to(torch.uint8).view(pictures.shape)


@lru_cache(maxsize=1)
def stock(n: int, device: torch.device) -> Tensor:
    """Return `n` standard normal numbers, always the same."""
    return torch.randn(n, generator=torch.Generator().manual_seed(0)).to(device)
