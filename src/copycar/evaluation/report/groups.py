"""Trials that belong on one map: the same track, the same way round. Knows nothing of drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copycar.evaluation.trace import Array, Road, Trace

USUAL_HALF_WIDTH_M = 0.6
"""Where an environment does not tell its road: colours are those of the built-in road."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some trials of one track and direction.

    Attributes:
        environment: its name.
        direction: +1 or -1.
        numbered: (number in the report, trace), from 1.
    """

    environment: str
    direction: int
    numbered: tuple[tuple[int, Trace], ...]

    @property
    def road(self) -> Road | None:
        """The road, where the environment tells it."""
        return self.numbered[0][1].road

    @property
    def half_width_m(self) -> float:
        """From the middle of the road to its edge."""
        return self.road.width_m / 2 if self.road else USUAL_HALF_WIDTH_M

    @property
    def title(self) -> str:
        """Track, and which way round."""
        if self.road is None:
            return self.environment
        return f"{self.environment}, {'anticlockwise' if _signed_area(self.road.centre_m) > 0 else 'clockwise'}"

    def line_m(self) -> Array:
        """Return the centre line in the direction of driving, start line first; (0, 2) without a road."""
        return np.empty((0, 2)) if self.road is None else self.road.centre_m


def grouped(traces: Sequence[Trace]) -> list[Group]:
    """Return the groups in the order in which their first trial was driven."""
    found: dict[tuple[str, int], list[tuple[int, Trace]]] = {}
    for number, trace in enumerate(traces, 1):
        found.setdefault((trace.trial.environment, trace.trial.direction), []).append((number, trace))
    return [Group(environment, direction, tuple(some)) for (environment, direction), some in found.items()]


def _signed_area(points: Array) -> float:
    """Return twice the area inside, positive for counter-clockwise."""
    x, y = points.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
