"""Counts laps from places along a closed line, robustly. Knows nothing of cars, roads or directions.

Progress is unrolled: rocking over the start line adds nothing, reversing takes away, and a jump ahead (a short cut
across the grass) is counted as a loss of the rest of the lap, so that nobody laps by cutting.
"""

import math
from dataclasses import dataclass

JUMP_M = 1.0  # a step at 3.5 m/s and 20 Hz is 0.18 m; a metre in one step is not driving


@dataclass(slots=True)
class LapCounter:
    """The laps of one drive.

    Attributes:
        length_m: one lap.
        arc_m: where the car is, metres in the direction of driving from the start line.
        distance_m: driven along the line since the start, negative backwards.
        lap: laps finished: times the start line was crossed after the first time.
        lap_time_s: duration of the last finished lap; None before.
        jump_m: more than this in one step ahead is no driving.
    """

    length_m: float
    arc_m: float
    distance_m: float = 0.0
    lap: int = 0
    lap_time_s: float | None = None
    jump_m: float = JUMP_M
    _start_m: float = 0.0
    _most_laps: int = 0
    _lap_began_s: float | None = None

    def __post_init__(self) -> None:
        self.arc_m %= self.length_m
        self._start_m = self.arc_m
        self._lap_began_s = 0.0 if self._start_m == 0 else None

    @property
    def progress(self) -> float:
        """The share of the lap that lies behind, 0 … 1."""
        return self.arc_m / self.length_m

    def advance(self, arc_m: float, time_s: float) -> None:
        """Take the car's new place and the time."""
        step = math.remainder(arc_m - self.arc_m, self.length_m)
        self.distance_m += step if step < self.jump_m else step - self.length_m
        self.arc_m = arc_m % self.length_m
        self._count(time_s)

    def _count(self, time_s: float) -> None:
        first = 0 if self._start_m == 0 else 1  # who starts elsewhere crosses the line once to begin lap one
        crossings = math.floor((self._start_m + self.distance_m) / self.length_m) - first
        self.lap = max(0, crossings)
        if self._lap_began_s is None and crossings >= 0:
            self._lap_began_s = time_s
        if self.lap > self._most_laps:
            self._most_laps = self.lap
            self.lap_time_s = time_s - (self._lap_began_s or 0.0)
            self._lap_began_s = time_s
