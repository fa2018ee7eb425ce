"""Which trials make an evaluation: where, from where, which way round. Knows nothing of drivers or environments.

A trial is one start pose, one seed and a number of laps. The same seed plans the same trials, so two policies are
compared on the same start poses (Robot Learning as an Empirical Science, arXiv 2409.09491).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError

DEFAULT_TRIALS = 10
"""Per environment; fewer than ten say little about a rate."""

OFFSET_M = 0.1
"""Largest start offset to either side, metres: a sixth of the built-in road's half width."""

HEADING_OFFSET_RAD = 0.1
"""Largest start heading error to either side, radians (6 degrees)."""

_SEEDS_APART = 1000
"""Distance between the trial seeds of two evaluation seeds, so that they never share a trial."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One start of one drive.

    Attributes:
        environment: name for `make_environment`.
        seed: of the environment.
        progress: where the drive starts, 0 … 1 of the lap.
        direction: +1 along the track's own line, -1 against it.
        offset_m: start beside the centre line, positive right.
        heading_offset_rad: start heading beside the tangent, positive left.
        laps: how many laps to drive.
    """

    environment: str
    seed: int = 0
    progress: float = 0.0
    direction: int = 1
    offset_m: float = 0.0
    heading_offset_rad: float = 0.0
    laps: int = 3

    def reset_options(self) -> dict[str, Any]:
        """Return the options for the environment's `reset`."""
        return {
            "progress": self.progress,
            "direction": self.direction,
            "offset_m": self.offset_m,
            "heading_offset_rad": self.heading_offset_rad,
        }

    def from_the_usual_start(self) -> "Trial":
        """Return the trial as a place drives it that cannot put its car elsewhere."""
        return replace(self, progress=0.0, direction=1, offset_m=0.0, heading_offset_rad=0.0)


def plan_trials(environments: Sequence[str], trials: int = DEFAULT_TRIALS, laps: int = 3, seed: int = 0) -> list[Trial]:
    """Return `trials` trials in each environment: starts spread over the lap, in pairs of both directions.

    Args:
        environments: names for `make_environment`.
        trials: per environment, at least 1.
        laps: per trial, at least 1.
        seed: of the small random offsets; the start places do not depend on it.

    Raises:
        CopycarError: no environment, or less than one trial or lap.
    """
    if not environments or trials < 1 or laps < 1:
        raise CopycarError(
            f"nothing to evaluate: {len(environments)} environments, {trials} trials, {laps} laps",
            fix="ask for at least one of each",
        )
    n_places = (trials + 1) // 2
    return [
        _trial(environment, index // 2 / n_places, 1 - 2 * (index % 2), laps, seed * _SEEDS_APART + index)
        for environment in environments
        for index in range(trials)
    ]


def _trial(environment: str, progress: float, direction: int, laps: int, seed: int) -> Trial:
    offset, heading = np.random.default_rng(seed).uniform(-1.0, 1.0, 2)
    return Trial(
        environment, seed, progress, direction, float(offset * OFFSET_M), float(heading * HEADING_OFFSET_RAD), laps
    )
