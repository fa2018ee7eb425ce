"""Numbers and causes in words, safe for HTML. Knows nothing of pages."""

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from copycar.evaluation.trace import CAR_HIT, OFF_TRACK, SCENERY_HIT, STUCK, WRONG_WAY

DASH = "\N{EN DASH}"
"""What stands for "not measured"."""

MOST_NAMED, SHORT = 4, 3
"""A table has room for so many columns with names, or for more whose names have so many letters."""

CAUSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        OFF_TRACK: ("O", "left the road"),
        SCENERY_HIT: ("H", "hit something"),
        CAR_HIT: ("C", "hit another car"),
        WRONG_WAY: ("W", "drove the wrong way"),
        STUCK: ("S", "got stuck"),
    }
)
"""Cause of an intervention: letter on the map, and what the car did."""


def letter(cause: str) -> str:
    """Return the letter of a cause on the map."""
    return CAUSES[cause][0] if cause in CAUSES else "?"


def did(cause: str) -> str:
    """Return what the car did, past tense; a plug-in's own cause as it is called, escaped."""
    return CAUSES[cause][1] if cause in CAUSES else f"needed help ({escape(cause)})"


def number(value: float | None, unit: str = "") -> str:
    """Return about three digits and the unit, metres below ten as centimetres; a dash for None.

    >>> number(0.0524, "m"), number(12.566, "s"), number(100.0, "%")
    ('5.2 cm', '12.6 s', '100 %')
    """
    if value is None:
        return DASH
    if unit == "m" and abs(value) < 10:
        value, unit = 100 * value, "cm"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 3 else 2
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {escape(unit)}".rstrip()


def span(bounds: Sequence[float] | None, unit: str = "") -> str:
    """Return an interval, or a dash."""
    if bounds is None:
        return DASH
    low, high = number(bounds[0], unit), number(bounds[1], unit)
    return f"{low.split()[0]} to {high}" if low.split()[1:] == high.split()[1:] else f"{low} to {high}"


def times(n: int) -> str:
    """Return how often, in words."""
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def listed(parts: Sequence[str]) -> str:
    """Join with commas and a last "and".

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def headings(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return for a square table what to write above its columns and before its rows.

    Names, where they are few or short; else columns get numbers, and rows the number and the name.

    >>> headings(["left", "straight"])
    (['left', 'straight'], ['left', 'straight'])
    >>> headings(["left_light_forward", "stop", "a", "b", "c"])[1][:2]
    ['1 left_light_forward', '2 stop']
    """
    if len(names) <= MOST_NAMED or max(map(len, names)) <= SHORT:
        return list(names), list(names)
    numbers = [str(place) for place in range(1, len(names) + 1)]
    return numbers, [f"{number} {name}" for number, name in zip(numbers, names, strict=True)]
