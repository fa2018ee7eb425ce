"""The track that things drive round: a closed centre line and a width. Knows no cameras and no cars.

On disk it is `course.json` in the project's folder: `{"line_m": [[x, y], …], "width_m": 1.2}`. The first point is where
the start line crosses it, and the points go in the direction of driving.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.ground.layouts.json_file import array_of, read_json

COURSE = "course.json"


@dataclass(frozen=True, slots=True)
class Course:
    """A closed track.

    Attributes:
        line_m: (N, 2) points of the centre line, not repeating the first.
        width_m: of the road.
    """

    line_m: Array
    width_m: float

    @property
    def lengths_m(self) -> Array:
        """Metres along the line to each point and, last, the whole lap, (N + 1,)."""
        steps = np.hypot(*(np.roll(self.line_m, -1, axis=0) - self.line_m).T)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length_m(self) -> float:
        """One lap."""
        return float(self.lengths_m[-1])

    def locate(self, points_m: Array) -> tuple[Array, Array]:
        """Return where points (N, 2) are: metres along the line (N,), 0 … length, and right of it (N,)."""
        start, end = self.line_m, np.roll(self.line_m, -1, axis=0)
        along = end - start  # (M, 2)
        length = np.hypot(*along.T)
        to_point = points_m[:, None] - start  # (N, M, 2)
        share = np.clip((to_point * along).sum(axis=-1) / length**2, 0.0, 1.0)
        apart = np.linalg.norm(to_point - share[..., None] * along, axis=-1)
        nearest = apart.argmin(axis=1)
        rows = np.arange(len(points_m))
        ahead, offset = along[nearest], to_point[rows, nearest]
        is_right = ahead[:, 0] * offset[:, 1] - ahead[:, 1] * offset[:, 0] < 0
        arc = self.lengths_m[nearest] + share[rows, nearest] * length[nearest]
        return arc, np.where(is_right, 1.0, -1.0) * apart[rows, nearest]


def read_course(path: Path) -> Course:
    """Return the course of a file.

    Raises:
        CopycarError: missing or damaged.
    """
    if not path.is_file():
        raise CopycarError(
            f"there is no {path}",
            "laps need the track's centre line",
            'write one: {"line_m": [[x, y], …], "width_m": 1.2}, or name it with --course',
        )
    values = read_json(path)
    line, width = array_of(path, values, "line_m", (-1, 2)), float(array_of(path, values, "width_m", ())[()])
    if len(line) < 3 or width <= 0:
        raise CopycarError(f"{path} is no closed track", "it needs 3 points or more and a width above 0")
    return Course(line, width)


def write_course(path: Path, course: Course) -> None:
    """Write a course, to the millimetre."""
    write_json(path, {"line_m": np.round(course.line_m, 3).tolist(), "width_m": course.width_m})
