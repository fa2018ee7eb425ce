"""What the tests of variations share."""

import numpy as np
import torch

from copycar.learning.augment.settings import OFF, Augmentation


def only(**fields) -> Augmentation:
    """Return settings with nothing but the given variations, for every sample."""
    always = {name: 1.0 for name in Augmentation.model_fields if name.endswith("_share")}
    return Augmentation.model_validate(OFF.model_dump() | always | fields)


def dice(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise_pictures(*shape: int) -> torch.Tensor:
    """Return uint8 random pictures of (…, 3)."""
    return torch.from_numpy(np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8))


def smooth_pictures(n: int, height: int, width: int) -> torch.Tensor:
    """Return pictures with soft gradients and one hard edge, uint8 (n, height, width, 3)."""
    down, across = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    colours = torch.stack([200 * down, 60 + 120 * across, 220 - 150 * down * across], dim=2)
    colours[height // 3 : height // 2, width // 4 : width // 2] = torch.tensor([240.0, 200.0, 20.0])
    return colours.to(torch.uint8).repeat(n, 1, 1, 1)
