"""MARMOT's camera file, `calibs/cam1.json`. Knows the keys; knows nothing of folders.

`{"K": 3x3, "R": 3x3 world to camera, "T": [x, y, z], "dist": [...], "view_id": 1, "ROI": [[x, y], …], "size": [H, W]}`

Lengths are centimetres there. Files of ours say so under `"unit"`, which MARMOT does not look at, and files
that say `"unit": "m"` are read in metres.
"""

from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.files import write_json
from copycar.ground.calibration import Calibration, camera_from
from copycar.ground.layouts.json_file import array_of, read_json

UNITS = {"cm": 0.01, "m": 1.0, "mm": 0.001}
"""Metres in one."""

USUAL_UNIT = "cm"


def read_calibration(path: Path) -> Calibration:
    """Return the camera of one file; its name is the file's.

    Raises:
        CopycarError: naming the file and the key that is wrong.
    """
    values = read_json(path)
    size = array_of(path, values, "size", (2,)).astype(int)
    translation = array_of(path, values, "T", (3,)) * unit_of(path, values)
    matrices = array_of(path, values, "K", (3, 3)), array_of(path, values, "R", (3, 3))
    try:
        camera = camera_from((int(size[0]), int(size[1])), *matrices, translation)
    except np.linalg.LinAlgError as error:
        raise CopycarError(f"{path}: R is no rotation", str(error), "calibrate again") from error
    distortion = array_of(path, values, "dist", (-1,)) if values.get("dist") else np.zeros(5)
    region = array_of(path, values, "ROI", (-1, 2)) if values.get("ROI") else None
    return Calibration(path.stem.removesuffix("_new"), camera, distortion, region)


def write_calibration(path: Path, calibration: Calibration, view_id: int) -> None:
    """Write the camera, in centimetres.

    Args:
        path: `cam1.json`.
        calibration: of the camera.
        view_id: its number, from 1.
    """
    camera, region = calibration.camera, calibration.region_px
    write_json(
        path,
        {
            "K": camera.intrinsics.tolist(),
            "R": camera.rotation.tolist(),
            "T": (calibration.translation_m / UNITS[USUAL_UNIT]).tolist(),
            "dist": calibration.distortion.tolist(),
            "view_id": view_id,
            "ROI": None if region is None else region.tolist(),
            "bounding_box": None,
            "size": [camera.height_px, camera.width_px],
            "unit": USUAL_UNIT,
        },
    )


def unit_of(path: Path, values: Any) -> float:
    """Return how many metres the file's unit of length is.

    Raises:
        CopycarError: an unknown unit.
    """
    unit = values.get("unit", USUAL_UNIT) if isinstance(values, dict) else USUAL_UNIT
    if unit not in UNITS:
        raise CopycarError(f"{path}: unknown unit {unit!r}", fix=did_you_mean(str(unit), UNITS))
    return UNITS[unit]
