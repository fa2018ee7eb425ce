"""donkeycar's TRANSFORMATIONS as tables of our pipeline. Knows nothing of files."""

from collections.abc import Callable, Mapping
from typing import Any

Table = dict[str, Any]
Values = Mapping[str, Any]

DEFAULTS: dict[str, Any] = {
    "ROI_CROP_TOP": 45,
    "ROI_CROP_BOTTOM": 0,
    "ROI_CROP_LEFT": 0,
    "ROI_CROP_RIGHT": 0,
    "ROI_TRAPEZE_UL": 20,
    "ROI_TRAPEZE_UR": 140,
    "ROI_TRAPEZE_LL": 0,
    "ROI_TRAPEZE_LR": 160,
    "ROI_TRAPEZE_MIN_Y": 60,
    "ROI_TRAPEZE_MAX_Y": 120,
    "CANNY_LOW_THRESHOLD": 60,
    "CANNY_HIGH_THRESHOLD": 110,
    "CANNY_APERTURE": 3,
    "BLUR_KERNEL": 5,
    "BLUR_KERNEL_Y": None,
    "BLUR_GAUSSIAN": True,
    "RESIZE_WIDTH": 160,
    "RESIZE_HEIGHT": 120,
    "SCALE_WIDTH": 1.0,
    "SCALE_HEIGHT": None,
}
"""What donkeycar 5 takes where its configuration says nothing (its cfg_complete.py)."""

_FROM_EDGES = {"top": "ROI_CROP_TOP", "bottom": "ROI_CROP_BOTTOM", "left": "ROI_CROP_LEFT", "right": "ROI_CROP_RIGHT"}
_CORNERS = {
    "upper_left": "ROI_TRAPEZE_UL",
    "upper_right": "ROI_TRAPEZE_UR",
    "lower_left": "ROI_TRAPEZE_LL",
    "lower_right": "ROI_TRAPEZE_LR",
    "top": "ROI_TRAPEZE_MIN_Y",
    "bottom": "ROI_TRAPEZE_MAX_Y",
}

FIELDS: dict[str, dict[str, str]] = {
    "CROP": _FROM_EDGES,
    "TRAPEZE": _CORNERS,
    "TRAPEZE_EDGE": _CORNERS,
    "CANNY": {"low": "CANNY_LOW_THRESHOLD", "high": "CANNY_HIGH_THRESHOLD", "aperture": "CANNY_APERTURE"},
    "BLUR": {"kind": "BLUR_GAUSSIAN", "kernel": "BLUR_KERNEL", "kernel_y": "BLUR_KERNEL_Y"},
    "RESIZE": {"width": "RESIZE_WIDTH", "height": "RESIZE_HEIGHT"},
    "SCALE": {"width": "SCALE_WIDTH", "height": "SCALE_HEIGHT"},
}
"""The settings that a transformation reads, by the field that takes them over."""

_OPERATIONS = {
    "CROP": "mask",
    "TRAPEZE": "trapezoid",
    "TRAPEZE_EDGE": "trapezoid_edges",
    "CANNY": "canny",
    "BLUR": "blur",
    "RESIZE": "resize",
    "SCALE": "scale",
}

_COLOURS: dict[str, list[Table]] = {
    "RGB2BGR": [{"op": "colour", "convert": "rgb_to_bgr"}],
    "BGR2RGB": [{"op": "colour", "convert": "bgr_to_rgb"}],
    "RGB2HSV": [{"op": "colour", "convert": "rgb_to_hsv"}],
    "BGR2HSV": [{"op": "colour", "convert": "bgr_to_hsv"}],
    "HSV2RGB": [{"op": "colour", "convert": "hsv_to_rgb"}],
    "HSV2BGR": [{"op": "colour", "convert": "hsv_to_bgr"}],
    "RGB2GRAY": [{"op": "grey"}],
    "BGR2GRAY": [{"op": "colour", "convert": "bgr_to_rgb"}, {"op": "grey"}],
    "GRAY2RGB": [],  # ours always has three channels
    "GRAY2BGR": [],
}

NOT_CARRIED = {
    "HSV2GRAY": "OpenCV has no such conversion, and donkeycar's own fails",
    "CUSTOM": "it is code of your own: make it an operation, see docs/pictures.md",
}


def as_tables(name: str, values: Values) -> list[Table] | None:
    """Return the operations that do what the transformation `name` does; None where there are none.

    Args:
        name: such as "CROP".
        values: the configuration; what it lacks is donkeycar's default.
    """
    if name in _COLOURS:
        return [dict(table) for table in _COLOURS[name]]
    if name not in FIELDS:
        return None
    found = {field: values.get(key, DEFAULTS[key]) for field, key in FIELDS[name].items()}
    adapt = _ADAPTED.get(name)
    chosen = adapt(found) if adapt else found
    return [{"op": _OPERATIONS[name], **{field: value for field, value in chosen.items() if value is not None}}]


def why_not(name: str) -> str:
    """Return why a transformation has no table."""
    return NOT_CARRIED.get("CUSTOM" if name.startswith("CUSTOM") else name, "donkeycar 5 has no such transformation")


_ADAPTED: dict[str, Callable[[Table], Table]] = {
    "CROP": lambda found: {field: value or 0 for field, value in found.items()},  # None is 0 there
    "BLUR": lambda found: {**found, "kind": "gaussian" if found["kind"] else "box"},
}
