"""Statistics as LeRobot datasets carry them: of numbers exactly, of pictures from a sample. Knows nothing of files."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image

QUANTILES = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}
LEAST_SAMPLE, MOST_SAMPLE = 100, 10_000  # pictures per episode, LeRobot's compute_stats.estimate_num_samples
MOST_SIDE_PX = 150  # pictures are thinned to about this, as LeRobot does

Stats = dict[str, Any]
"""min, max, mean, std, count and five quantiles, as lists."""


class PictureStats:
    """Counts how often each of the 256 values occurs in each colour.

    Attributes:
        counts: int64 (3, 256).
        n_pictures: how many were added.
    """

    def __init__(self) -> None:
        self.counts = np.zeros((3, 256), dtype=np.int64)
        self.n_pictures = 0

    def add(self, image: Image) -> None:
        """Add a picture, uint8 (H, W, 3)."""
        step = max(1, max(image.shape[:2]) // MOST_SIDE_PX)
        thin = image[::step, ::step]
        self.counts += [np.bincount(thin[..., channel].ravel(), minlength=256) for channel in range(3)]
        self.n_pictures += 1

    def merge(self, other: "PictureStats") -> None:
        """Add all that another one has counted."""
        self.counts += other.counts
        self.n_pictures += other.n_pictures

    def result(self) -> Stats:
        """Return the statistics in 0 … 1, each of shape (3, 1, 1); `count` counts pictures."""
        values = np.arange(256) / 255
        shares = self.counts / self.counts.sum(axis=1, keepdims=True)
        mean = shares @ values
        std = np.sqrt(np.maximum(shares @ values**2 - mean**2, 0))
        is_there = self.counts > 0
        lowest, highest = is_there.argmax(axis=1) / 255, (255 - is_there[:, ::-1].argmax(axis=1)) / 255
        reached = np.cumsum(shares, axis=1)
        found = {"min": lowest, "max": highest, "mean": mean, "std": std}
        found |= {name: (reached >= share - 1e-12).argmax(axis=1) / 255 for name, share in QUANTILES.items()}
        shaped = {name: value.reshape(3, 1, 1).tolist() for name, value in found.items()}
        return shaped | {"count": [self.n_pictures]}


def number_stats(values: NDArray[np.float64]) -> Stats:
    """Return the statistics of numbers.

    Args:
        values: (N, D), N above 0; what is not finite is left out.
    """
    shown = np.where(np.isfinite(values), values, np.nan)
    shown[:, np.isnan(shown).all(axis=0)] = 0.0
    stats: Stats = {"min": np.nanmin(shown, axis=0).tolist(), "max": np.nanmax(shown, axis=0).tolist()}
    stats |= {"mean": np.nanmean(shown, axis=0).tolist(), "std": np.nanstd(shown, axis=0).tolist()}
    quantiles = np.nanquantile(shown, list(QUANTILES.values()), axis=0)
    return stats | dict(zip(QUANTILES, quantiles.tolist(), strict=True)) | {"count": [len(values)]}


def sample_step(n_frames: int) -> int:
    """Return n, so that every n-th picture of an episode makes a fair sample: 100 of 500, 1,000 of 10,000.

    >>> sample_step(80), sample_step(10_000)
    (1, 10)
    """
    n_samples = max(min(LEAST_SAMPLE, n_frames), min(int(n_frames**0.75), MOST_SAMPLE))
    return max(1, n_frames // max(1, n_samples))
