"""Lap and sector times, speed and off-track events of a path round a course. Knows no cameras and no files.

A gate is crossed between two moments; the time is interpolated by the distance to the gate on either side, so that it
is finer than the moments. A lap is one unrolled round: rocking over the line adds nothing, reversing takes away. Who
drives against the course's direction has laps, too; sectors then count from the start line the other way.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from copycar.core.camera import Array
from copycar.ground.course import Course
from copycar.ground.tracking import Path

SECTORS = 3
OFF_TRACK_S = 0.2
"""Shorter excursions are errors of the measurement."""

SPEED_STEP_M = 0.25
"""Of the speed profile along the course."""


@dataclass(frozen=True, slots=True)
class Lap:
    """One whole lap.

    Attributes:
        start_s, time_s: when it began, and how long it took.
        sectors_s: how long each third took.
    """

    start_s: float
    time_s: float
    sectors_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Excursion:
    """One time off the track.

    Attributes:
        start_s, duration_s: when and how long.
        x_m, y_m: where it left.
        farthest_m: largest distance beyond the edge.
    """

    start_s: float
    duration_s: float
    x_m: float
    y_m: float
    farthest_m: float


@dataclass(frozen=True, slots=True)
class Drive:
    """What one car did.

    Attributes:
        number: its track.
        laps: whole ones.
        excursions: times off the track.
        distance_m: along the course, negative against its direction.
        mean_speed_mps, top_speed_mps: over its path.
        profile: (K, 2) metres along the course and mean speed there; NaN where it was not.
    """

    number: int
    laps: tuple[Lap, ...]
    excursions: tuple[Excursion, ...]
    distance_m: float
    mean_speed_mps: float
    top_speed_mps: float
    profile: Array

    def as_json(self) -> dict[str, Any]:
        """Return the drive for scripts, without the profile."""
        times = [lap.time_s for lap in self.laps]
        return {
            "track": self.number,
            "laps": [
                {"start_s": lap.start_s, "time_s": lap.time_s, "sectors_s": list(lap.sectors_s)} for lap in self.laps
            ],
            "best_lap_s": min(times) if times else None,
            "median_lap_s": float(np.median(times)) if times else None,
            "off_track": [asdict(event) for event in self.excursions],
            "distance_m": self.distance_m,
            "mean_speed_mps": self.mean_speed_mps,
            "top_speed_mps": self.top_speed_mps,
        }


def drive_of(path: Path, course: Course) -> Drive:
    """Return what a path did on a course."""
    arc, offset = course.locate(path.points_m)
    length = course.length_m
    steps = (np.diff(arc) + length / 2) % length - length / 2
    driven = arc[0] + np.concatenate([[0.0], np.cumsum(steps)])
    distance = float(driven[-1] - driven[0])
    ahead = driven if distance >= 0 else -driven
    times = path.times_s
    return Drive(
        number=path.number,
        laps=tuple(_laps(ahead, times, length)),
        excursions=tuple(_excursions(path, offset, course, times)),
        distance_m=distance,
        mean_speed_mps=float(path.speed_mps.mean()),
        top_speed_mps=float(path.speed_mps.max()),
        profile=_profile(arc, path.speed_mps, length),
    )


def crossings(driven_m: Array, times_s: Array, gates_m: Array) -> Array:
    """Return when the unrolled distance (T,) first passes each gate (K,), interpolated; NaN where it never does."""
    farthest = np.maximum.accumulate(driven_m)  # who reverses over a gate does not cross it a second time
    found = np.full(len(gates_m), np.nan)
    for place, gate in enumerate(gates_m):
        after = int(np.searchsorted(farthest, gate))
        if 0 < after < len(driven_m):
            before = driven_m[after - 1]
            share = (gate - before) / (driven_m[after] - before)
            found[place] = times_s[after - 1] + share * (times_s[after] - times_s[after - 1])
    return found


def _laps(driven_m: Array, times_s: Array, length_m: float) -> list[Lap]:
    first, last = int(np.floor(driven_m[0] / length_m)) + 1, int(np.floor(driven_m.max() / length_m))
    if last - first < 1:
        return []
    gates = length_m * (first + np.arange((last - first) * SECTORS + 1) / SECTORS)
    when = crossings(driven_m, times_s, gates)
    laps = []
    for start in range(0, len(gates) - SECTORS, SECTORS):
        moments = when[start : start + SECTORS + 1].tolist()
        laps.append(Lap(moments[0], moments[-1] - moments[0], tuple(b - a for a, b in pairwise(moments))))
    return laps


def _excursions(path: Path, offset_m: Array, course: Course, times_s: Array) -> list[Excursion]:
    beyond = np.abs(offset_m) - course.width_m / 2
    is_off = np.concatenate([[False], beyond > 0, [False]])
    edges = np.flatnonzero(np.diff(is_off.astype(int)))
    events = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        duration = float(times_s[min(stop, len(times_s) - 1)] - times_s[start])
        if duration >= OFF_TRACK_S:
            x, y = path.points_m[start].tolist()
            events.append(Excursion(float(times_s[start]), duration, x, y, float(beyond[start:stop].max())))
    return events


def _profile(arc_m: Array, speed_mps: Array, length_m: float) -> Array:
    count = max(1, round(length_m / SPEED_STEP_M))
    places = np.minimum((arc_m / length_m * count).astype(int), count - 1)
    n, total = np.bincount(places, minlength=count), np.bincount(places, speed_mps, minlength=count)
    mean = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    return np.column_stack([(np.arange(count) + 0.5) * length_m / count, mean])
