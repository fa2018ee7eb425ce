"""Where on the lap a mark on the map is. Learned from one lap of marks; knows nothing of pictures.

The map differs from course to course, and its line crosses itself here and there; where the mark went first and next is
all that is needed to know which way round it goes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.environments.track.curves import Array, resample_closed, smooth_closed

Mark = tuple[float, float]

_POINTS = 400
_ROUNDING_PX = 1.5
"""The mark moves in whole pixels."""

_LEAST_MARKS = 40
_WINDOW = 0.12
"""Share of the lap, ahead and behind, in which the mark is looked for: no further does it come between two pictures."""

_FAR_PX = 6.0
"""Further off the line than this, it is no place of this course's."""


@dataclass(frozen=True, slots=True)
class CourseMap:
    """The line of one course on its map.

    Attributes:
        points: (N, 2) at equal steps, in the direction of driving, from the start line on; the last joins the first.
    """

    points: Array

    @classmethod
    def through(cls, marks: Sequence[Mark]) -> "CourseMap":
        """Return the map that a lap's marks, in the order of driving, lie on.

        Raises:
            CopycarError: too few marks for a lap.
        """
        if len(marks) < _LEAST_MARKS:
            raise CopycarError(
                f"a lap with {len(marks)} marks gives no map",
                f"at least {_LEAST_MARKS} are needed",
                "drive one lap with the map in sight, taking several pictures per second",
            )
        return cls(smooth_closed(resample_closed(marks, _POINTS), _ROUNDING_PX))

    def progress_at(self, mark: Mark, near: float) -> float | None:
        """Return the share of the lap, 0 … 1, at which `mark` is, close to `near`; None where it is far off."""
        place = round(near * len(self.points))
        reach = int(_WINDOW * len(self.points))
        rows = np.arange(place - reach, place + reach + 1) % len(self.points)
        away = np.hypot(*(self.points[rows] - mark).T)
        closest = int(away.argmin())
        return float(rows[closest]) / len(self.points) if away[closest] <= _FAR_PX else None

    def save(self, file: Path) -> None:
        """Write the map as JSON."""
        write_json(file, {"points": self.points.round(2).tolist()})

    @classmethod
    def load(cls, file: Path) -> "CourseMap":
        """Read what `save` wrote.

        Raises:
            CopycarError: it is no such file.
        """
        try:
            return cls(np.array(json.loads(file.read_text())["points"], dtype=np.float64).reshape(-1, 2))
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise CopycarError(
                f"{file} is no map of a course", str(error), "remove it, and drive a lap anew"
            ) from error
