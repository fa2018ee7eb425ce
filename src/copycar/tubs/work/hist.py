"""How steering and throttle are distributed, over all frames and per episode. Draws nothing.

Knows nothing of which distribution is good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.frame import Episode
from copycar.tubs.tub import Tub

BINS = 21  # of -1 … 1: an odd number, so that straight ahead has a bin of its own

Counts = NDArray[np.int64]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Distribution:
    """Counts over tubs.

    Attributes:
        edges: (22,) of the bins.
        steering, throttle: (21,) frames per bin.
        coverage: (21, 21) frames per throttle (rows) and steering (columns).
        episodes: per episode: the tub's name, the episode, and its actions (n, 2).
    """

    edges: Array
    steering: Counts
    throttle: Counts
    coverage: Counts
    episodes: list[tuple[str, Episode, Array]]

    @property
    def frames(self) -> int:
        """How many frames were counted."""
        return int(self.steering.sum())

    @property
    def covered_share(self) -> float:
        """Share of the steering bins that hold at least one frame in a thousand."""
        return float((self.steering >= max(1, self.frames / 1000)).mean())

    def as_json(self) -> dict[str, Any]:
        """Return all counts, and for each episode its mean and spread."""
        episodes = [
            {
                "tub": tub,
                "episode": episode.id,
                "frames": len(episode),
                "steering": {"mean": float(actions[:, 0].mean()), "std": float(actions[:, 0].std())},
                "throttle": {"mean": float(actions[:, 1].mean()), "std": float(actions[:, 1].std())},
            }
            for tub, episode, actions in self.episodes
        ]
        return {
            "frames": self.frames,
            "edges": self.edges.tolist(),
            "steering": self.steering.tolist(),
            "throttle": self.throttle.tolist(),
            "coverage": self.coverage.tolist(),
            "covered_share": self.covered_share,
            "episodes": episodes,
        }


def distribution(tubs: Sequence[Tub]) -> Distribution:
    """Count the live frames of all tubs.

    Raises:
        CopycarError: there are none.
    """
    episodes = [
        (tub.path.name, episode, np.array([r.action for r in tub.records[episode.start : episode.stop]]))
        for tub in tubs
        for episode in tub.episodes
    ]
    if not episodes:
        raise CopycarError("there are no frames to count", "all of them are deleted", "restore some first")
    actions = np.concatenate([values for _, _, values in episodes])
    edges = np.linspace(-1, 1, BINS + 1)
    coverage = np.histogram2d(actions[:, 1], actions[:, 0], bins=(edges, edges))[0].astype(np.int64)
    return Distribution(edges, coverage.sum(axis=0), coverage.sum(axis=1), coverage, episodes)
