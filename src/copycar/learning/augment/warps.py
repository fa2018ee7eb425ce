"""The car elsewhere on the road: mirror, shift and turn, with the steering that returns.

A run's warps are drawn once, as maps of pixels (docs/decisions/0003). Knows nothing of light, networks or files.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from copycar.core.vehicle import Vehicle
from copycar.learning.augment.settings import OFF, Augmentation
from copycar.learning.geometry import Displacement, returning_steering, source_pixels

N_WARPS = 96
"""Displacements drawn once per run; each is kept as a map of pixels, so a warp costs one indexed copy."""


@dataclass(frozen=True)
class Warps:
    """All geometric variations of a run: one row each.

    Attributes:
        pixels: int32 (K, H·W) index of the source pixel for every pixel.
        sign: float32 (K,) factor on the steering, -1 where mirrored.
        steering: float32 (K,) added to the steering after the sign.
    """

    pixels: Tensor
    sign: Tensor
    steering: Tensor

    def __len__(self) -> int:
        return len(self.sign)

    @property
    def is_mirrored(self) -> Tensor:
        """Which warps mirror, bool (K,), on the CPU."""
        return self.sign < 0

    @property
    def changes_nothing(self) -> bool:
        """Whether there is only the frame as it was recorded."""
        return len(self) == 1 and bool(self.steering[0] == 0) and bool(self.sign[0] == 1)

    def to(self, device: torch.device) -> "Warps":
        """Return the same warps with their maps on another device; what belongs to labels stays on the CPU."""
        return Warps(self.pixels.to(device), self.sign, self.steering)


def draw_warps(settings: Augmentation, image_size: tuple[int, int], vehicle: Vehicle | None, seed: int = 0) -> Warps:
    """Draw the run's warps; the share of displaced and of mirrored rows is that of the settings.

    Args:
        settings: how far to go.
        image_size: (height, width) px.
        vehicle: camera mounting and steering of the car; None leaves shift and turn out.
        seed: draws the displacements.
    """
    height, width = image_size
    displacements = _displacements(settings, vehicle, np.random.default_rng(seed))
    identity = np.arange(height * width, dtype=np.int32)
    maps, steering = [], []
    for displacement in displacements:
        if vehicle is None or displacement == Displacement():
            maps.append(identity)
            steering.append(0.0)
        else:
            maps.append(source_pixels(vehicle.camera(width, height), displacement).ravel())
            steering.append(returning_steering(vehicle, displacement, settings.look_ahead_m))
    pixels = torch.from_numpy(np.stack(maps))
    correction = torch.tensor(steering, dtype=torch.float32)
    sign = torch.ones(len(correction))
    if not settings.mirror:
        return Warps(pixels, sign, correction)
    mirrored = pixels.view(-1, height, width).flip(2).reshape(pixels.shape)
    return Warps(torch.cat([pixels, mirrored]), torch.cat([sign, -sign]), torch.cat([correction, -correction]))


def no_warps(image_size: tuple[int, int]) -> Warps:
    """Return the frame as it was recorded as the only choice, for frames of (height, width) px."""
    return draw_warps(OFF, image_size, None)


def gather(images: Tensor, rows: Tensor) -> Tensor:
    """Return the frames `rows` (B,) of `images`, uint8 (B, H, W, 3)."""
    return images.view(len(images), -1).index_select(0, rows).view(-1, *images.shape[1:])


def gather_warped(images: Tensor, rows: Tensor, warps: Warps, chosen: Tensor) -> Tensor:
    """Return the frames `rows` of `images`, each under its chosen warp.

    Args:
        images: uint8 (N, H, W, 3), all frames; they are read once, by one indexed copy.
        rows: int64 (B,) which frames.
        warps: the run's warps.
        chosen: int64 (B,) which warp for each frame.

    Returns:
        uint8 (B, H, W, 3).
    """
    n_pixels = images.shape[1] * images.shape[2]
    first = rows * n_pixels
    if len(images) * n_pixels < 2**31:  # 111,000 frames of 160x120: half the bytes to add and to read
        first = first.to(torch.int32)
    source = warps.pixels.index_select(0, chosen) + first[:, None]  # (B, H·W)
    return images.view(-1, 3).index_select(0, source.view(-1)).view(len(rows), *images.shape[1:])


def warp_steering(steering: Tensor, warps: Warps, chosen: Tensor) -> Tensor:
    """Return the steering (B,), in [-1, 1], that belongs to the chosen warps."""
    return (steering * warps.sign[chosen] + warps.steering[chosen]).clamp(-1.0, 1.0)


def _displacements(settings: Augmentation, vehicle: Vehicle | None, random: np.random.Generator) -> list[Displacement]:
    moves = settings.shift_m > 0 or settings.turn_deg > 0
    if vehicle is None or not moves or settings.displaced_share == 0:
        return [Displacement()]
    n_displaced = max(1, round(N_WARPS * settings.displaced_share))
    shifts = random.uniform(-settings.shift_m, settings.shift_m, n_displaced)
    turns = np.radians(random.uniform(-settings.turn_deg, settings.turn_deg, n_displaced))
    still = [Displacement()] * (N_WARPS - n_displaced)
    return still + [Displacement(float(right), float(left)) for right, left in zip(shifts, turns, strict=True)]
