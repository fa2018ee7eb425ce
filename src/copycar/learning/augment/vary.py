"""Another light and another camera: everything that changes the picture and leaves the label. Knows no labels."""

import torch
from torch import Tensor

from copycar.learning.augment.blur import blur, smear
from copycar.learning.augment.cutout import cut_out
from copycar.learning.augment.jpeg import compress
from copycar.learning.augment.noise import add_noise
from copycar.learning.augment.settings import Augmentation
from copycar.learning.augment.shadow import cast_shadow
from copycar.learning.augment.tone import change_tone

VARIATIONS = (cast_shadow, cut_out, blur, smear, change_tone, add_noise, compress)
"""In the order in which light meets them: the scene, the lens, the sensor, the file."""


def vary_light(images: Tensor, settings: Augmentation, generator: torch.Generator) -> Tensor:
    """Return the pictures under another light, through another camera.

    Every frame of a sample is changed alike, except for the noise.

    Args:
        images: uint8 (B, H, W, 3), or (B, T, H, W, 3) for T frames per sample; not changed.
        settings: how far to go.
        generator: draws, on the CPU: the same on every device.

    Returns:
        uint8 of the same shape, a new tensor; `images` itself where the settings vary nothing.
    """
    if not settings.changes_light:
        return images
    varied = images.clone()
    pictures = varied if images.ndim == 5 else varied[:, None]
    for variation in VARIATIONS:
        variation(pictures, settings, generator)
    return varied
