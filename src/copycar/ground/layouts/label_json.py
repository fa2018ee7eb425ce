"""MARMOT's label file, `labels/train/{annotator}_{frame}.json`: a header row, then a row per thing.

`["rectID", "personID", "modified", "Xw", "Yw", "Zw", "a1", "b1", "c1", "d1", "a2", …]`: world position, and a box
(x1, y1, x2, y2 px) per camera. Only who and where count; boxes are for people who look, and so is our own last column
`class`, where things are of several kinds. Knows nothing of folders.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.ground.layouts.json_file import read_json
from copycar.ground.scene import Truth

HEADER = ("rectID", "personID", "modified", "Xw", "Yw", "Zw")
READ = ("personID", "Xw", "Yw")
CLASS = "class"
CORNERS = "abcd"
"""Columns a1, b1, c1, d1: x1, y1, x2, y2 of the box in the first camera."""

Row = list[Any]
_FIX = "label it again: copycar ground check names every such file"


def read_labels(path: Path, unit_m: float) -> Truth:
    """Return what a file says.

    Args:
        path: the file.
        unit_m: metres in its unit of length.

    Raises:
        CopycarError: naming the file, and the row where one is damaged.
    """
    things = things_of(read_rows(path))
    points = np.array([point for _, point in things], dtype=np.float64).reshape(-1, 2)
    return Truth(points * unit_m, np.array([who for who, _ in things], dtype=np.int64))


def write_labels(
    path: Path, truth: Truth, boxes_px: Array, unit_m: float, classes: Sequence[str] | None = None
) -> None:
    """Write a label file.

    Args:
        path: the file.
        truth: who is where.
        boxes_px: (N, V, 4) x1, y1, x2, y2 per camera; NaN where it is not seen, written as -1.
        unit_m: metres in the file's unit of length.
        classes: (N,) what each thing is; None: no such column.
    """
    header = header_of(boxes_px.shape[1])
    things = zip(truth.ids.tolist(), truth.points_m.tolist(), boxes_px, strict=True)
    rows = [header, *(row_of(header, who, (x, y), boxes, unit_m) for who, (x, y), boxes in things)]
    if classes is not None:
        rows = [[*row, name] for row, name in zip(rows, (CLASS, *classes), strict=True)]
    write_rows(path, rows)


def header_of(n_views: int) -> list[str]:
    """Return the row that names the columns."""
    return [*HEADER, *(f"{corner}{view}" for view in range(1, n_views + 1) for corner in CORNERS)]


def row_of(
    header: Row, who: int, point_m: tuple[float, float], boxes_px: Array, unit_m: float, old: Row | None = None
) -> Row:
    """Return the row of a thing.

    Args:
        header: of its file, whose columns are filled as far as they are known.
        who: its id.
        point_m: where it stands.
        boxes_px: (V, 4) x1, y1, x2, y2 per camera; NaN where it is not seen, written as -1.
        unit_m: metres in the file's unit of length.
        old: the row it had, whose other columns stay.
    """
    digits = round(math.log10(unit_m)) + 5  # hundredths of a millimetre
    x, y = (round(value / unit_m, digits) for value in point_m)
    values: dict[str, Any] = dict(zip(HEADER, (f"{int(x)}_{int(y)}", who, True, x, y, 0), strict=True))
    for view, box in enumerate(np.where(np.isnan(boxes_px), -1, np.rint(boxes_px)).astype(int).tolist(), 1):
        values |= {f"{corner}{view}": value for corner, value in zip(CORNERS, box, strict=True)}
    kept = [*(old or []), *[None] * len(header)]
    return [values.get(name, kept[column]) for column, name in enumerate(header)]


def things_of(rows: Sequence[Row]) -> list[tuple[int, tuple[float, float]]]:
    """Return id and (x, y), in the file's unit of length, of every row of a file but its header.

    Raises:
        ValueError: a row is damaged.
    """
    columns = [rows[0].index(name) for name in READ]
    return [_thing(number, row, columns) for number, row in enumerate(rows[1:], 1)]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a label file, the header first.

    Raises:
        CopycarError: naming the file, and the row where one is damaged.
    """
    rows = read_json(path)
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], list):
        raise CopycarError(f"{path} holds no labels", "its first row should name the columns", _FIX)
    if missing := [name for name in READ if name not in rows[0]]:
        raise CopycarError(f"{path}: the header has no {', '.join(missing)}", f"it is {rows[0]!r:.60}", _FIX)
    try:
        things_of(rows)
    except ValueError as error:
        raise CopycarError(f"{path}: {error}", fix=_FIX) from error
    return rows


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows of a label file, in one step."""
    write_atomic(path, json.dumps(rows) + "\n")


def _thing(number: int, row: Any, columns: list[int]) -> tuple[int, tuple[float, float]]:
    try:
        who, x, y = (float(row[column]) for column in columns)
    except (TypeError, ValueError, IndexError) as error:
        raise ValueError(f"row {number} is damaged: {row!r:.60} ({error})") from error
    if not np.isfinite([who, x, y]).all():
        raise ValueError(f"row {number} holds something that is not a number: {row!r:.60}")
    return int(who), (x, y)
