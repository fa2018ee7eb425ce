"""The other cars: each keeps to its lane and its speed, and waits behind whoever is in front.

Knows nothing of physics or pictures.
"""

from dataclasses import dataclass

import numpy as np

from copycar.environments.track.line import Line

LANE_OFFSET_M = 0.33
_GAP_M = 0.75
"""Bumper to bumper this is 0.37 m, the length of a car."""

RESCUE_GAP_M = 0.6
"""A rescued car is put down at least this far along the line from any other."""


@dataclass(slots=True)
class OtherCar:
    """One car on its lane.

    Attributes:
        arc_m: where along the line it is.
        speed_mps: now.
        wanted_mps: on a free road.
    """

    arc_m: float
    speed_mps: float
    wanted_mps: float


def spread(count: int, line: Line, start_arc_m: float, rng: np.random.Generator) -> list[OtherCar]:
    """Return `count` cars spread evenly over the lap, the first one a good way ahead of the start."""
    cars = []
    for index in range(count):
        arc = start_arc_m + line.length_m * (index + 1) / (count + 1)
        wanted = float(rng.uniform(0.7, 1.1))
        cars.append(OtherCar(arc % line.length_m, wanted, wanted))
    return cars


def advance(cars: list[OtherCar], line: Line, arc_m: float, offset_m: float, seconds: float) -> None:
    """Move every car on. The learner's car at (`arc_m`, `offset_m`) blocks a lane while it stands in it."""
    blocking = [arc_m] if abs(offset_m - LANE_OFFSET_M) < 0.28 else []
    arcs = [other.arc_m for other in cars]
    for index, other in enumerate(cars):
        ahead = [arc for position, arc in enumerate(arcs) if position != index] + blocking
        gap = min(((arc - other.arc_m) % line.length_m for arc in ahead), default=line.length_m)
        wanted = other.wanted_mps * min(max((gap - _GAP_M) / 0.5, 0.0), 1.0)
        other.speed_mps += min(max(wanted - other.speed_mps, -6.0 * seconds), 1.5 * seconds)
        other.arc_m = (other.arc_m + other.speed_mps * seconds) % line.length_m
