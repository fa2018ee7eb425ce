"""A closed line to drive along: where am I beside it, and where is a point of it. Knows nothing of cars or laps."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from copycar.environments.track.curves import Array, curvatures, headings, perimeter, resample_closed

SPACING_M = 0.05
_WINDOW = 24
"""Points searched either side of the last one: on the built-in track 1.2 m, and its car moves at most 0.2 m a step."""


class Place(NamedTuple):
    """A position beside the line.

    Attributes:
        arc_m: metres along the line from its start, 0 … length.
        offset_m: signed distance, positive to the RIGHT of the line's own direction.
        heading_rad: the line's tangent there, counter-clockwise from +X.
    """

    arc_m: float
    offset_m: float
    heading_rad: float


@dataclass(frozen=True, slots=True)
class Line:
    """A closed line as equally spaced points, with its tangents and curvatures.

    Attributes:
        points: (N, 2) metres, equally far apart, 5 cm on the built-in track.
        heading: (N,) rad, unwrapped.
        curvature: (N,) 1/m, positive to the left.
        length_m: one lap.
    """

    points: Array
    heading: Array
    curvature: Array
    length_m: float

    @classmethod
    def through(cls, curve: Array, spacing_m: float = SPACING_M) -> "Line":
        """Return the line through a dense closed curve (M, 2), with points about `spacing_m` apart."""
        points = resample_closed(curve, round(perimeter(curve) / spacing_m))
        return cls(points, headings(points), curvatures(points), perimeter(points))

    @property
    def spacing_m(self) -> float:
        """Metres between two points."""
        return self.length_m / len(self.points)

    def locate(self, x_m: float, y_m: float, near_arc_m: float | None = None) -> Place:
        """Return the nearest place of the line.

        Args:
            x_m: the position asked for.
            y_m: likewise.
            near_arc_m: search only 24 points either side of here (fast, and stays on its own stretch of road);
                None searches the whole line.
        """
        if near_arc_m is None:
            rows = np.arange(len(self.points))
        else:
            middle = int(near_arc_m / self.spacing_m)
            rows = np.arange(middle - _WINDOW, middle + _WINDOW + 1) % len(self.points)
        apart = self.points[rows] - (x_m, y_m)
        nearest = int(rows[np.einsum("ij,ij->i", apart, apart).argmin()])
        return self._beside(nearest, x_m, y_m)

    def at(self, arc_m: float, offset_m: float = 0.0) -> tuple[float, float, float]:
        """Return (x, y, heading_rad) of the place `offset_m` to the right of the line at `arc_m` (any number)."""
        position = (arc_m / self.spacing_m) % len(self.points)
        row, share = int(position), position - int(position)
        following = (row + 1) % len(self.points)
        x, y = (self.points[row] * (1 - share) + self.points[following] * share).tolist()
        heading = float(self.heading[row]) + share * _wrap(float(self.heading[following] - self.heading[row]))
        return x + offset_m * math.sin(heading), y - offset_m * math.cos(heading), _wrap(heading)

    def reversed(self) -> "Line":
        """Return the same line, driven the other way round from the same start."""
        return Line.through(np.roll(self.points[::-1], 1, axis=0), self.spacing_m)

    def bend_at(self, arc_m: float) -> float:
        """Return the signed curvature in 1/m at `arc_m` (any number)."""
        return float(self.curvature[int(arc_m / self.spacing_m) % len(self.points)])

    def beside(self, offset_m: float) -> Array:
        """Return the curve (N, 2) that runs `offset_m` to the right of the line."""
        right = np.column_stack([np.sin(self.heading), -np.cos(self.heading)])
        shifted: Array = self.points + offset_m * right
        return shifted

    def _beside(self, row: int, x_m: float, y_m: float) -> Place:
        x, y = self.points[row].tolist()
        heading = float(self.heading[row])
        cos_h, sin_h = math.cos(heading), math.sin(heading)
        bend = float(self.curvature[row])
        ahead, left = (x_m - x) * cos_h + (y_m - y) * sin_h, (y_m - y) * cos_h - (x_m - x) * sin_h
        # Within half a spacing the line is an arc: its tangent turns by bend * along, it leaves the chord by a sagitta.
        along = ahead / max(1.0 - bend * left, 0.2)
        offset = -(left - 0.5 * bend * along * along)
        return Place((row * self.spacing_m + along) % self.length_m, offset, _wrap(heading + bend * along))


def _wrap(angle: float) -> float:
    return math.remainder(angle, math.tau)
