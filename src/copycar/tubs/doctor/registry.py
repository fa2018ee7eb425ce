"""The checks of the data doctor, by name. Other packages add theirs through the entry-point group `copycar.checks`."""

from collections.abc import Callable

from copycar.core.registry import Registry
from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict

Check = Callable[[Evidence], Verdict]
"""Looks at one tub and judges one thing; never raises over what it finds, and writes nothing."""

ORDER = (
    "files",
    "unreadable_pictures",
    "picture_size",
    "flat_pictures",
    "frozen_camera",
    "colour_order",
    "actions",
    "timing",
    "stuck_stick",
    "noisy_stick",
    "straight_driving",
    "near_duplicates",
    "lag",
    "mirrored",
    "short_stretches",
    "twins",
)
"""The built-in checks in the order of the report: first what cannot be read, then what teaches the wrong thing."""

CHECKS: Registry[Check] = Registry(
    "check", "copycar.checks", {name: f"copycar.tubs.doctor.checks.{name}:check" for name in ORDER}
)


def names_in_order() -> list[str]:
    """Return every check, the built-in ones first and in their order."""
    return [*ORDER, *(name for name in CHECKS.names() if name not in ORDER)]
