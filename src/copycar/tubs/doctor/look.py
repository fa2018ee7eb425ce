"""What one picture shows, in a few numbers: brightness, contrast, colours and two perceptual hashes.

Knows nothing of recordings; every function takes a batch of pictures, uint8 (B, H, W, 3) RGB.
"""

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.store import Images

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint64]

COLOURED = 40  # of 255: a pixel whose largest and smallest channel differ by more is coloured, not grey

_BITS = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))


def grey(images: Images) -> Floats:
    """Return the brightness, float32 (B, H, W), 0 … 255: the mean of the channels."""
    return np.asarray(images.mean(axis=3, dtype=np.float32))


def coloured_and_blue(images: Images) -> Floats:
    """Return float32 (B, 2): the share of coloured pixels in the lower half, and that of bluish ones among all there.

    The lower half holds no sky. Floors, roads, grass, tape and cones are warm or green far more often than blue.
    """
    lower = images[:, images.shape[1] // 2 :: 2, ::2].astype(np.int16)
    is_coloured = lower.max(axis=3) - lower.min(axis=3) > COLOURED
    is_blue = is_coloured & (lower[..., 2] > lower[..., 0])
    return np.stack([is_coloured.mean(axis=(1, 2)), is_blue.mean(axis=(1, 2))], axis=1).astype(np.float32)


def hashes(brightness: Floats) -> Hashes:
    """Return uint64 (B, 2), the difference hashes of each picture along its rows and along its columns.

    Method: shrink to 9x8 and 8x9 cells and keep one bit per pair of neighbours: is the second one brighter?

    Args:
        brightness: float32 (B, H, W); pictures smaller than 9 pixels have no pattern and give 0.
    """
    if min(brightness.shape[1:]) < 9:
        return np.zeros((len(brightness), 2), dtype=np.uint64)
    across = np.diff(_shrink(brightness, 8, 9), axis=2) > 0
    down = np.diff(_shrink(brightness, 9, 8), axis=1) > 0
    return np.stack([_packed(across), _packed(down)], axis=1)


def bits_apart(a: Hashes, b: Hashes) -> NDArray[np.int64]:
    """Return (B,) in how many of 128 bits the hashes (B, 2) differ."""
    return np.asarray(np.bitwise_count(a ^ b).sum(axis=1), dtype=np.int64)


def _shrink(brightness: Floats, rows: int, columns: int) -> Floats:
    height, width = brightness.shape[1:]
    tops = np.linspace(0, height, rows + 1).astype(int)[:-1]
    lefts = np.linspace(0, width, columns + 1).astype(int)[:-1]
    sums = np.add.reduceat(np.add.reduceat(brightness, tops, axis=1), lefts, axis=2)
    sizes = np.diff(np.append(tops, height))[:, None] * np.diff(np.append(lefts, width))[None]
    return np.asarray(np.rint(sums / sizes), dtype=np.float32)  # whole grey levels: noise must not flip the sky's bits


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    return np.asarray((bits.reshape(len(bits), 64) * _BITS).sum(axis=1, dtype=np.uint64))
