"""What weighting frames by the rarity of their steering would do. Reports only: nothing is written or copied."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from copycar.core.errors import CopycarError

BINS = 15
"""Of the steering, -1 … 1: as many as donkeycar's categorical network has."""

MOST_WEIGHT = 10.0
"""Of one frame against the average: a bin of three odd frames must not steer the training."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Balance:
    """Before and after.

    Attributes:
        edges: (16,) of the steering's bins.
        before, after: (15,) share of the frames, and of the weight, in each bin.
        weights: (N,) of the frames, mean 1.
        effective_frames: how many equally weighted frames are as good: (sum w)² / sum w² (Kish 1965).
    """

    edges: Array
    before: Array
    after: Array
    weights: Array
    effective_frames: float

    @property
    def straight_before(self) -> float:
        """Share of the middle bin."""
        return float(self.before[len(self.before) // 2])

    @property
    def straight_after(self) -> float:
        """Share of the middle bin with weights."""
        return float(self.after[len(self.after) // 2])

    def as_json(self) -> dict[str, Any]:
        """Return all but the weights of single frames."""
        return {
            "frames": len(self.weights),
            "effective_frames": self.effective_frames,
            "edges": self.edges.tolist(),
            "before": self.before.tolist(),
            "after": self.after.tolist(),
            "straight_before": self.straight_before,
            "straight_after": self.straight_after,
            "heaviest_frame": float(self.weights.max()),
        }


def balance(steering: ArrayLike, *, strength: float = 0.5) -> Balance:
    """Weight each frame by the share of its steering bin to the power of -`strength`.

    Args:
        steering: (N,) -1 … 1.
        strength: 0 leaves everything as it is, 1 makes all bins equally heavy.

    Raises:
        CopycarError: there are no frames, or `strength` is out of range.
    """
    values = np.asarray(steering, dtype=np.float64)
    if not len(values):
        raise CopycarError("there are no frames to balance", "all of them are deleted", "restore some first")
    if not 0 <= strength <= 1:
        raise CopycarError(f"a strength of {strength} is not possible", fix="choose one between 0 and 1")
    edges = np.linspace(-1, 1, BINS + 1)
    bins = np.clip(np.digitize(values, edges[1:-1]), 0, BINS - 1)
    before = np.bincount(bins, minlength=BINS) / len(values)
    weights = before[bins] ** -strength
    weights = np.minimum(weights / weights.mean(), MOST_WEIGHT)
    weights /= weights.mean()
    after = np.bincount(bins, weights, minlength=BINS) / len(values)
    return Balance(edges, before, after, weights, float(weights.sum() ** 2 / (weights**2).sum()))
