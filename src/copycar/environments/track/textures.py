"""Procedural textures as arrays, from a seed: asphalt, ground, facade, sky. Knows nothing of meshes or Panda3D."""

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image

Array = NDArray[np.float64]

SIZE_PX = 256

GROUND_RGB = {"grass": (92, 128, 62), "sand": (196, 170, 122), "concrete": (150, 152, 148)}
"""Mean colour of each ground."""


def asphalt(rng: np.random.Generator) -> Image:
    """Return one tile of road (256, 256, 3): dark grey, speckled, with faint patches."""
    grey = 78 + rng.uniform(-12, 12)
    patches = 7 * _noise(rng, 6) + 5 * _noise(rng, 24)
    grain = 9 * rng.standard_normal((SIZE_PX, SIZE_PX))
    return _image((grey + patches + grain)[..., None] * np.array([1.0, 1.0, 1.03]))


def ground(kind: str, rng: np.random.Generator) -> Image:
    """Return one tile of what lies beside the road (256, 256, 3)."""
    mean = np.array(GROUND_RGB[kind]) * rng.uniform(0.9, 1.1)
    rough = {"grass": 0.16, "sand": 0.06, "concrete": 0.035}[kind]
    pattern = 0.5 * _noise(rng, 5) + 0.6 * _noise(rng, 30) + 0.6 * rng.standard_normal((SIZE_PX, SIZE_PX))
    tile = mean * (1 + rough * pattern[..., None])
    if kind == "grass":  # dry tufts are yellower
        tile += np.clip(_noise(rng, 12), 0, 3)[..., None] * np.array([9.0, 5.0, -3.0])
    if kind == "concrete":  # joints between the slabs
        tile[:3], tile[:, :3] = tile[:3] * 0.75, tile[:, :3] * 0.75
    return _image(tile)


def facade(rng: np.random.Generator) -> Image:
    """Return a light wall with windows (256, 256, 3), to be multiplied by a building's colour."""
    wall = np.full((SIZE_PX, SIZE_PX, 3), 225.0) + 6 * rng.standard_normal((SIZE_PX, SIZE_PX, 1))
    for row in range(4):
        for column in range(4):
            glass = np.array([70.0, 88.0, 105.0]) if rng.random() < 0.8 else np.array([235.0, 215.0, 150.0])
            top, left = 64 * row + 16, 64 * column + 16
            wall[top : top + 34, left : left + 30] = glass
            wall[top + 34 : top + 38, left - 2 : left + 32] = 165.0  # the sill
    return _image(wall)


def sky(rng: np.random.Generator) -> Image:
    """Return the sky from the horizon (first row) upwards (64, 256, 3): haze, blue, a few clouds."""
    height = np.linspace(0, 1, 64)[:, None, None]
    clear = (1 - height**0.6) * np.array([214.0, 226.0, 236.0]) + height**0.6 * np.array([84.0, 142.0, 214.0])
    cloud = _noise(rng, 9)[:64] + 0.6 * _noise(rng, 22)[:64]
    cover = np.clip(cloud - 0.7, 0, 1)[..., None] * np.clip(4 * height, 0, 1)
    return _image(clear * (1 - cover) + 250 * cover)


def _noise(rng: np.random.Generator, waves: int) -> Array:
    """Smooth noise that tiles, mean 0, deviation 1: white noise kept below `waves` periods per tile."""
    spectrum = np.fft.rfft2(rng.standard_normal((SIZE_PX, SIZE_PX)))
    periods = np.hypot(np.fft.fftfreq(SIZE_PX, 1 / SIZE_PX)[:, None], np.fft.rfftfreq(SIZE_PX, 1 / SIZE_PX)[None, :])
    field: Array = np.fft.irfft2(spectrum * np.exp(-0.5 * (2 * periods / waves) ** 2) * (periods > 0))
    deviation: float = field.std()
    return field / deviation


def _image(values: Array) -> Image:
    return np.clip(values, 0, 255).astype(np.uint8)
