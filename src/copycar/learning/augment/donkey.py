"""donkeycar's augmentations in our words. Knows nothing of its configuration file.

Source: donkeycar 5.3, `pipeline/augmentations.py`: albumentations' RandomBrightnessContrast and GaussianBlur, each with
the chance 0.5.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean

CHANCE = 0.5
USUAL_RANGES = {"AUG_BRIGHTNESS_RANGE": 0.2, "AUG_BLUR_RANGE": (0, 3)}
"""donkeycar's own defaults."""

KNOWN = ("BRIGHTNESS", "BLUR", "MULTIPLY")
"""MULTIPLY is in its documentation still and crashes its training; it meant a change of brightness."""


def from_donkey(names: Iterable[str], ranges: Mapping[str, Any] | None = None) -> dict[str, float]:
    """Return fields of `Augmentation` that do what donkeycar's `AUGMENTATIONS` did.

    Args:
        names: its list, such as `["BRIGHTNESS", "BLUR"]`.
        ranges: `AUG_BRIGHTNESS_RANGE` (a share, or the lowest and highest) and `AUG_BLUR_RANGE` (lowest and highest
            sigma, pixels) where its configuration has them.

    Raises:
        CopycarError: an unknown name, or a range that is none.

    >>> from_donkey(["BLUR"])
    {'blur_sigma_px': 3.0, 'blur_share': 0.5}
    """
    limits = {**USUAL_RANGES, **(ranges or {})}
    fields: dict[str, float] = {}
    for name in names:
        if name not in KNOWN:
            raise CopycarError(f"unknown augmentation {name!r} of donkeycar", fix=did_you_mean(name, KNOWN))
        if name == "BLUR":
            fields |= {"blur_sigma_px": _largest("AUG_BLUR_RANGE", limits), "blur_share": CHANCE}
        else:
            limit = _largest("AUG_BRIGHTNESS_RANGE", limits)
            fields |= {"brightness": limit, "contrast": limit, "tone_share": CHANCE}
    return fields


def _largest(key: str, limits: Mapping[str, Any]) -> float:
    value = limits[key]
    try:
        return max(abs(float(end)) for end in (value if isinstance(value, list | tuple) else [value]))
    except (TypeError, ValueError) as error:
        raise CopycarError(f"{key} = {value!r} is no range", str(error), f"such as {USUAL_RANGES[key]!r}") from error
