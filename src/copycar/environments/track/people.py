"""People who walk beside the road, and across it when no car is coming. Knows nothing of physics or pictures.

They are no obstacles: cars do not brake for them, so they look before they step on the road.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copycar.environments.track.line import Line

BESIDE_M = 0.2
"""From the road's edge to who walks along it."""

LEAST_GAP_S = 2.5
"""A car that comes sooner than this lets people wait; crossing a road of 1.2 m takes about as long."""

FASTEST_CAR_MPS = 1.6
"""Cars are expected to come this fast; the expert drives up to about that on the oval."""

CAR_HALF_M = 0.4
"""A car that has gone by is out of the way from here on."""

CROSSINGS_HZ = 0.25
"""How often a person thinks of crossing, per second."""


@dataclass(slots=True)
class Walker:
    """One person, in the track's own coordinates.

    Attributes:
        arc_m: along the line.
        offset_m: right of the line.
        side: where to: 1 is the right-hand edge, -1 the left-hand one.
        along_mps: of walking along the road; negative against the direction of driving.
        across_mps: of crossing it.
    """

    arc_m: float
    offset_m: float
    side: int
    along_mps: float
    across_mps: float

    @property
    def turn_rad(self) -> float:
        """Where they look, counter-clockwise from the line's direction, when they walk along it."""
        return 0.0 if self.along_mps > 0 else np.pi


def spread(count: int, line: Line, road_width_m: float, rng: np.random.Generator) -> list[Walker]:
    """Return `count` people spread along both edges of the road."""
    walkers = []
    for index in range(count):
        arc = line.length_m * (index + float(rng.uniform(0.0, 0.9))) / count
        side = int(rng.choice([-1, 1]))
        along = float(rng.uniform(0.3, 0.6) * rng.choice([-1, 1]))
        walkers.append(Walker(arc, side * _edge_m(road_width_m), side, along, float(rng.uniform(0.6, 0.9))))
    return walkers


def advance(
    walkers: Sequence[Walker],
    cars_arc_m: Sequence[float],
    line: Line,
    road_width_m: float,
    seconds: float,
    rng: np.random.Generator,
) -> None:
    """Let people walk on for `seconds`.

    Args:
        walkers: who, changed in place.
        cars_arc_m: where cars are along the line.
        line: of the road, in the direction of driving.
        road_width_m: between its edges.
        seconds: that pass.
        rng: who crosses when.
    """
    for walker in walkers:
        edge = walker.side * _edge_m(road_width_m)
        if walker.offset_m == edge:
            walker.arc_m = (walker.arc_m + walker.along_mps * seconds) % line.length_m
            if rng.random() < CROSSINGS_HZ * seconds and _is_free(walker.arc_m, cars_arc_m, line):
                walker.side = -walker.side
        else:
            step = walker.across_mps * seconds
            walker.offset_m += float(np.clip(edge - walker.offset_m, -step, step))


def poses(walkers: Sequence[Walker], line: Line, road_width_m: float) -> list[tuple[float, float, float]]:
    """Return x, y and heading of everybody."""
    return [_pose(walker, line, road_width_m) for walker in walkers]


def _pose(walker: Walker, line: Line, road_width_m: float) -> tuple[float, float, float]:
    x, y, heading = line.at(walker.arc_m, walker.offset_m)
    is_crossing = walker.offset_m != walker.side * _edge_m(road_width_m)
    return x, y, heading + (-walker.side * np.pi / 2 if is_crossing else walker.turn_rad)


def _edge_m(road_width_m: float) -> float:
    return road_width_m / 2 + BESIDE_M


def _is_free(arc_m: float, cars_arc_m: Sequence[float], line: Line) -> bool:
    reach = LEAST_GAP_S * FASTEST_CAR_MPS
    return all((arc_m - car + CAR_HALF_M) % line.length_m > reach for car in cars_arc_m)
