"""The road of a track of the game: a line on the ground with heights and widths. Knows nothing of karts or pictures."""

from dataclasses import dataclass

import numpy as np

from copycar.environments.track import line as lines
from copycar.environments.track.curves import Array, perimeter, resample_closed, smooth_closed
from copycar.environments.track.line import Line
from copycar.environments.tuxkart.messages import Place, TrackShape

SPACING_M = 0.25
"""Between two points of the line; a kart at 30 m/s drives six of them in a step of 0.05 s."""

_ROUNDING_M = 3.0
"""Makes a bend of the corners between quadrilaterals, which are some 8 m long."""

_STOREY_M = 4.0
"""Two roads above one another are further apart than this."""


@dataclass(frozen=True, slots=True)
class Road:
    """The way round in one direction.

    Attributes:
        line: its middle on the ground: the game's x and z.
        heights_m: (N,) the game's y at the line's points.
        widths_m: (N,) of the road there.
    """

    line: Line
    heights_m: Array
    widths_m: Array

    @classmethod
    def along(cls, shape: TrackShape) -> "Road":
        """Return the road through the middles of the track's quadrilaterals, in the game's own direction."""
        ground = shape.middles[:, [0, 2]]
        n_points = round(perimeter(ground) / SPACING_M)
        curve = smooth_closed(resample_closed(ground, n_points), _ROUNDING_M)
        line = Line.through(curve, SPACING_M)
        heights, widths = (_along(ground, values, len(line.points)) for values in (shape.middles[:, 1], shape.widths_m))
        return cls(line, heights, widths)

    def reversed(self) -> "Road":
        """Return the same road, driven the other way round from the same start line."""
        line = self.line.reversed()
        rows = np.linspace(len(self.heights_m), 0, len(line.points), endpoint=False).astype(int) % len(self.heights_m)
        return Road(line, self.heights_m[rows], self.widths_m[rows])

    def place_at(self, arc_m: float, offset_m: float = 0.0) -> tuple[Place, float]:
        """Return the place in the game `offset_m` right of the line, and the line's heading there."""
        x, z, heading_rad = self.line.at(arc_m, offset_m)
        return (x, float(self.heights_m[self._row(arc_m)]), z), heading_rad

    def width_at(self, arc_m: float) -> float:
        """Return the road's width at `arc_m`."""
        return float(self.widths_m[self._row(arc_m)])

    def locate(self, place: Place, near_arc_m: float) -> lines.Place:
        """Return where beside the line a place is: on the stretch near `near_arc_m`, or, far off it, the nearest."""
        x, y, z = place
        here = self.line.locate(x, z, near_arc_m)
        if abs(here.offset_m) <= self.width_at(here.arc_m):
            return here
        apart = np.hypot(*(self.line.points - (x, z)).T) + np.where(abs(self.heights_m - y) > _STOREY_M, np.inf, 0)
        row = int(apart.argmin())
        return self.line.locate(x, z, row * self.line.spacing_m) if np.isfinite(apart[row]) else here

    def _row(self, arc_m: float) -> int:
        return int(arc_m / self.line.spacing_m) % len(self.heights_m)


def _along(ground: Array, values: Array, n_points: int) -> Array:
    """Return the values (M,), told at the corners of a closed polyline (M, 2), at `n_points` equal steps along it."""
    loop = np.vstack([ground, ground[:1]])
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(loop, axis=0).T))])
    wanted = np.arange(n_points) * (arc[-1] / n_points)
    result: Array = np.interp(wanted, arc, np.append(values, values[0]))
    return result
