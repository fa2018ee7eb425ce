"""Where a policy looks: how much its steering changes when a part of the picture is covered. For any policy file.

Occlusion sensitivity (Zeiler and Fergus 2014, arXiv 1311.2901, section 4.2): it asks the file itself, so that it tells
of what drives, whatever network is in it. Knows nothing of drawing but the one blend at the end.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image
from copycar.driving.runtime.policy import Policy

TILES = (12, 16)
"""Rows and columns: 192 questions to the policy, and tiles of 10 pixels of a 160x120 picture."""

HEAT = np.array([255.0, 40.0, 0.0])
"""Red-orange: roads are grey, lawns green, lines white or yellow."""

STRONGEST = 0.75  # share of `HEAT` where the policy looks most: the picture stays visible


def saliency(policy: Policy, image: Image, inputs: Mapping[str, Any] | None = None) -> NDArray[np.float32]:
    """Return how much each part of the picture matters to the steering, float32 `TILES`, 0 or more.

    A value is the absolute change of the steering while that tile is covered with the picture's mean colour. A policy
    with a memory is asked as if the drive began here.

    Args:
        policy: who is asked; it has forgotten earlier frames afterwards.
        image: uint8 (H, W, 3) RGB, of the policy's size.
        inputs: what else the policy reads, by name.

    Raises:
        CopycarError: as `Policy.act`.
    """
    usual = _steering(policy, image, inputs)
    mean = image.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    change = np.zeros(TILES, np.float32)
    for row, rows in enumerate(_parts(image.shape[0], TILES[0])):
        for column, columns in enumerate(_parts(image.shape[1], TILES[1])):
            covered = image.copy()
            covered[rows, columns] = mean
            change[row, column] = abs(_steering(policy, covered, inputs) - usual)
    return change


def with_heat(image: Image, change: NDArray[np.float32]) -> Image:
    """Return the picture with `HEAT` laid over what matters, uint8 (H, W, 3); nothing where nothing matters.

    Args:
        image: uint8 (H, W, 3).
        change: as `saliency`; only the shares of its largest value are seen.
    """
    most = float(change.max())
    if not np.isfinite(most) or most <= 0:
        return image.copy()
    share = STRONGEST * _smooth(change / most, image.shape[:2])[:, :, None]
    mixed: Image = (image * (1 - share) + HEAT * share).round().astype(np.uint8)
    return mixed


def _steering(policy: Policy, image: Image, inputs: Mapping[str, Any] | None) -> float:
    policy.reset()
    return policy.act({"image": image, **(inputs or {})}).steering


def _parts(length: int, n: int) -> list[slice]:
    edges = np.linspace(0, length, n + 1).round().astype(int)
    return [slice(start, max(stop, start + 1)) for start, stop in pairwise(edges.tolist())]


def _smooth(tiles: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float64]:
    """Return the tiles stretched over (H, W), linear between their centres."""
    rows, columns = (_mixing(n, length) for n, length in zip(tiles.shape, size, strict=True))
    stretched: NDArray[np.float64] = rows @ tiles @ columns.T
    return stretched


def _mixing(n: int, length: int) -> NDArray[np.float64]:
    """Return (length, n), how much of each tile each pixel gets."""
    centres, places = (np.arange(n) + 0.5) / n, (np.arange(length) + 0.5) / length
    return np.stack([np.interp(places, centres, one) for one in np.eye(n)], axis=1)
