"""What a training gave. Knows nothing of how it was done."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from copycar.learning.progress import Progress
from copycar.learning.run import Run


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training gave.

    Attributes:
        run: its folder.
        epochs: how many were run.
        images_per_s: median training throughput of the epochs after the first; of the first where it is alone.
        offline: errors of the best epoch on the held-out frames, beside their baselines.
        parity_max: largest difference between the network and the policy file on real frames.
    """

    run: Run
    epochs: int
    images_per_s: float
    offline: dict[str, Any]
    parity_max: float

    def as_json(self) -> dict[str, Any]:
        """Return the result as `copycar train --json` prints it."""
        return {
            "run": str(self.run.folder),
            "policy": str(self.run.policy),
            "epochs": self.epochs,
            "images_per_s": self.images_per_s,
            "offline": self.offline,
            "parity_max": self.parity_max,
        }


def steady_images_per_s(progress: Progress) -> float:
    """Return the median throughput of the epochs after the first, which also warms up."""
    speeds = [epoch["images_per_s"] for epoch in progress.history]
    return float(median(speeds[1:] or speeds))
