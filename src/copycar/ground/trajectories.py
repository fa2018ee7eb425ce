"""Paths as a CSV file: one row per moment and track. Knows nothing of how they were found.

`frame,time_s,track,x_m,y_m,speed_mps,is_seen`: frame numbers are those of the pictures; `is_seen` is 0 where the place
was filled in between two detections.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path as FilePath

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.ground.tracking import Path

TRAJECTORIES = FilePath("4-tracking/trajectories.csv")
"""In a project's folder."""

COLUMNS = ("frame", "time_s", "track", "x_m", "y_m", "speed_mps", "is_seen")


def write_trajectories(path: FilePath, paths: Sequence[Path], frames: Sequence[int]) -> None:
    """Write paths, by moment.

    Args:
        path: the file; its folder is made.
        paths: whose moments are places in `frames`.
        frames: the number of every moment's pictures.
    """
    places = [(moment, one, place) for one in paths for place, moment in enumerate(one.moments.tolist())]
    rows = []
    for moment, one, place in sorted(places, key=lambda row: (row[0], row[1].number)):
        x, y = one.points_m[place].tolist()
        speed, seen = float(one.speed_mps[place]), int(one.is_seen[place])
        time_s = f"{float(one.times_s[place]):.4f}"
        rows.append((frames[moment], time_s, one.number, f"{x:.4f}", f"{y:.4f}", f"{speed:.3f}", seen))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text.getvalue())


def read_trajectories(path: FilePath) -> list[Path]:
    """Return the paths of a file; their moments are the numbers of its frames.

    Raises:
        CopycarError: missing, damaged, or without a column.
    """
    if not path.is_file():
        raise CopycarError(f"there is no {path}", fix="write it: copycar ground run PROJECT")
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = [[float(row[name]) for name in COLUMNS] for row in csv.DictReader(file)]
    except (KeyError, TypeError, ValueError) as error:
        why = f"{type(error).__name__} {error}"
        raise CopycarError(f"{path} holds no trajectories", why, f"its columns are {', '.join(COLUMNS)}") from error
    table = np.array(rows).reshape(-1, len(COLUMNS))
    return [_path(int(number), table[table[:, 2] == number]) for number in np.unique(table[:, 2]).tolist()]


def _path(number: int, rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Path:
    return Path(number, rows[:, 0].astype(np.int64), rows[:, 1], rows[:, 3:5], rows[:, 5], rows[:, 6] > 0)
