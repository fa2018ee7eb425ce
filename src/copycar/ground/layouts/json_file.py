"""Reads a JSON file, or says which one is damaged. Knows nothing of what is in it."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError


def read_json(path: Path) -> Any:
    """Return the file's content.

    Raises:
        CopycarError: missing, or not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CopycarError(f"{path} cannot be read", str(error), "mend the file, or make it again") from error


def array_of(path: Path, values: Any, key: str, shape: tuple[int, ...]) -> Array:
    """Return `values[key]` as floats of `shape`; -1 stands for any length.

    Raises:
        CopycarError: the key is missing, or holds something else; `path` is named.
    """
    expected = " x ".join("n" if side < 0 else str(side) for side in shape)
    fix = f"{key} is {expected} numbers: calibrate again, or copy it from the tool that made it"
    if not isinstance(values, dict) or values.get(key) is None:
        raise CopycarError(f"{path} has no {key}", fix=fix)
    try:
        array = np.asarray(values[key], dtype=np.float64)
        array = array.reshape(shape) if array.size == abs(int(np.prod(shape))) or -1 in shape else array
    except (TypeError, ValueError) as error:
        raise CopycarError(f"{path}: {key} is not {expected} numbers", str(error), fix) from error
    fits = array.ndim == len(shape) and all(want in (-1, has) for want, has in zip(shape, array.shape, strict=True))
    if not fits or not np.isfinite(array).all():
        raise CopycarError(f"{path}: {key} is not {expected} finite numbers", f"it is {values[key]!r:.60}", fix)
    return array
