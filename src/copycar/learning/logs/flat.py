"""Nested figures and settings as one level of names, which is what experiment logs take. Knows none of them."""

from collections.abc import Mapping
from typing import Any

from copycar.learning.progress import Epoch


def flat(values: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """Return every value by its path; None is left out.

    >>> flat({"steering": {"mae": 0.1, "r2": None}, "n_frames": 3})
    {'steering/mae': 0.1, 'n_frames': 3}
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{within}{name}/")
        elif value is not None:
            found[f"{within}{name}"] = value
    return found


def numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers of nested values by their path."""
    return {name: float(value) for name, value in flat(values).items() if isinstance(value, int | float)}


def epoch_numbers(epoch: Epoch) -> dict[str, float]:
    """Return what an epoch brought: loss, throughput and every validation figure."""
    own = {"loss": epoch.loss, "learning_rate": epoch.learning_rate, "images_per_s": epoch.images_per_s}
    return own | numbers({"validation": dict(epoch.figures)})
