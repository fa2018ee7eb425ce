"""MARMOT's label file, `labels/train/{annotator}_{frame}.json`: a header row, then a row per thing.

`["rectID", "personID", "modified", "Xw", "Yw", "Zw", "a1", "b1", "c1", "d1", "a2", …]`: world position, and a box
(x1, y1, x2, y2 px) per camera. Only who and where count; boxes are for people who look. Knows nothing of folders.
"""

import json
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
_FIX = "label it again: copycar ground check names every such file"


def read_labels(path: Path, unit_m: float) -> Truth:
    """Return what a file says.

    Args:
        path: the file.
        unit_m: metres in its unit of length.

    Raises:
        CopycarError: naming the file, and the row where one is damaged.
    """
    rows = read_json(path)
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], list):
        raise CopycarError(f"{path} holds no labels", "its first row should name the columns", _FIX)
    if missing := [name for name in READ if name not in rows[0]]:
        raise CopycarError(f"{path}: the header has no {', '.join(missing)}", f"it is {rows[0]!r:.60}", _FIX)
    columns = [rows[0].index(name) for name in READ]
    found = [_row(path, number, row, columns) for number, row in enumerate(rows[1:], 1)]
    table = np.array(found, dtype=np.float64).reshape(-1, 3)
    return Truth(table[:, 1:] * unit_m, table[:, 0].astype(np.int64))


def write_labels(path: Path, truth: Truth, boxes_px: Array, unit_m: float) -> None:
    """Write a label file.

    Args:
        path: the file.
        truth: who is where.
        boxes_px: (N, V, 4) x1, y1, x2, y2 per camera; NaN where it is not seen, written as -1.
        unit_m: metres in the file's unit of length.
    """
    n_views = boxes_px.shape[1]
    header = [*HEADER, *(f"{corner}{view}" for view in range(1, n_views + 1) for corner in "abcd")]
    boxes = np.where(np.isnan(boxes_px), -1, np.rint(boxes_px)).astype(int).reshape(len(truth), -1)
    rows: list[list[Any]] = [header]
    for (x, y), who, corners in zip((truth.points_m / unit_m).tolist(), truth.ids.tolist(), boxes, strict=True):
        rows.append([f"{int(x)}_{int(y)}", who, True, round(x, 3), round(y, 3), 0, *corners.tolist()])
    write_atomic(path, json.dumps(rows) + "\n")


def _row(path: Path, number: int, row: Any, columns: list[int]) -> tuple[float, float, float]:
    try:
        who, x, y = (float(row[column]) for column in columns)
    except (TypeError, ValueError, IndexError) as error:
        raise CopycarError(f"{path}: row {number} is damaged", f"{row!r:.60} ({error})", _FIX) from error
    if not np.isfinite([who, x, y]).all():
        raise CopycarError(f"{path}: row {number} holds something that is not a number", f"{row!r:.60}", _FIX)
    return who, x, y
