"""From a frame to its catalog line, with donkeycar's keys, order and number formats. Writes nothing."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import Frame
from copycar.tubs.record import ANGLE, IMAGE, MODE, PILOT_ANGLE, PILOT_THROTTLE, THROTTLE, image_name

BASE_INPUTS = {IMAGE: "image_array", ANGLE: "float", THROTTLE: "float", MODE: "str"}
"""What every donkeycar template records -> its tub type."""


def _numbers(values: Any) -> list[Any]:
    """Return numbers as nested lists; those that are not finite (a lidar that sees nothing) become null."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise TypeError("not numbers")
    plain = array.astype(object)
    plain[~np.isfinite(array)] = None
    numbers: list[Any] = plain.tolist()
    return numbers


CONVERT: dict[str, Callable[[Any], Any]] = {
    "float": float,
    "int": int,
    "str": str,
    "boolean": bool,
    "nparray": _numbers,
    "list": _numbers,
    "vector": _numbers,
    "image_array": str,  # pictures are files; the record holds their names
    "gray16_array": str,
}
"""Tub type -> how a value is made ready for JSON, as donkeycar does."""

MODES = {"policy": "local", "assisted": "local_angle"}
"""Who decided -> donkeycar's `user/mode`; everybody else is "user"."""


def check_types(extras: Mapping[str, str]) -> None:
    """Make sure that every type in `extras` (key to type) is one that can be written.

    Raises:
        CopycarError: an unknown type, or a key that the recorder itself writes.
    """
    for key, kind in extras.items():
        if kind not in CONVERT:
            raise CopycarError(f"{key}: no tub type {kind!r}", did_you_mean(kind, CONVERT))
        if key in BASE_INPUTS or key.startswith("_"):
            raise CopycarError(f"{key} cannot be an extra", "the recorder writes that key itself", "name it otherwise")


def catalog_line(frame: Frame, index: int, session: str, timestamp_ms: int, types: Mapping[str, str]) -> bytes:
    """Return the catalog line of `frame`: sorted keys, ASCII, no NaN, one line end.

    The label is `user/angle` and `user/throttle`. Where the car did something else, or a policy drove, the executed
    action is `pilot/angle` and `pilot/throttle`. Extras that are None or not finite are left out, as
    donkeycar leaves out None.

    Args:
        frame: what to record.
        index: its number in the tub.
        session: session id.
        timestamp_ms: wall clock, milliseconds since 1970.
        types: tub types of declared extras; others are written as they are.

    Raises:
        CopycarError: the action is not finite, or an extra does not fit its type.
    """
    action, label, source = frame.decision
    if not (action.is_finite and label.is_finite):
        raise CopycarError(f"frame {index} has no finite action: {action}", "a driver returned NaN or infinity")
    entry = {key: _value(key, value, types) for key, value in frame.extras.items() if value is not None}
    entry = {key: value for key, value in entry.items() if not (isinstance(value, float) and not math.isfinite(value))}
    label = label.clipped()
    entry |= {IMAGE: image_name(index), ANGLE: float(label.steering), THROTTLE: float(label.throttle)}
    entry[MODE] = MODES.get(source, "user")
    if source in MODES or action != frame.decision.label:
        executed = action.clipped()
        entry |= {PILOT_ANGLE: float(executed.steering), PILOT_THROTTLE: float(executed.throttle)}
    entry |= {"_index": index, "_session_id": session, "_timestamp_ms": timestamp_ms, "_t_ns": int(frame.t_ns)}
    return (json.dumps(entry, allow_nan=False, sort_keys=True) + "\n").encode("ascii")


def _value(key: str, value: Any, types: Mapping[str, str]) -> Any:
    kind = types.get(key)
    if kind is None:
        value = value.item() if isinstance(value, np.generic) else value
        if isinstance(value, float | int | str):
            return value
    elif kind in CONVERT:
        try:
            return CONVERT[kind](value)
        except (TypeError, ValueError, OverflowError):
            pass  # named below, as every other misfit
    known = kind or "none of float, int, str and bool: declare it when the recording begins"
    raise CopycarError(f"{key} = {str(value)[:60]} cannot be recorded", f"its type is {known}")
