"""The further values of many records in little memory: a column per key, some hundred rows at a time.

Whatever JSON can hold comes back exactly as it went in. Knows nothing of what the keys mean.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BLOCK = 1024  # rows: enough that what a block shares costs nothing, few enough that a rare key costs little

Column = Sequence[Any]

_ABSENT = object()
"""Stands in a column where a row lacks the key; None is a value."""

_SHARED = (str, bool, type(None))
"""Types of which equal values may be one object; 0.0 and -0.0 are equal and differ."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of at most `BLOCK` rows.

    Attributes:
        shared: what every row says alike.
        columns: what differs, a column per key.
    """

    shared: Mapping[str, Any]
    columns: Mapping[str, Column]

    def values(self, place: int) -> dict[str, Any]:
        """Return what one row says."""
        values = dict(self.shared)
        for key, column in self.columns.items():
            value = column[place]
            if value is not _ABSENT:
                values[key] = value
        return values

    def get(self, key: str, place: int) -> Any:
        """Return what one row says under a key, None where it lacks it."""
        if key not in self.columns:
            return self.shared.get(key)
        value = self.columns[key][place]
        return None if value is _ABSENT else value


def pack_values(rows: Sequence[Mapping[str, Any]]) -> Cells:
    """Return the values of at least one row, packed."""
    keys = dict.fromkeys(key for row in rows for key in row)
    return pack_columns({key: [row.get(key, _ABSENT) for row in rows] for key in keys})


def pack_columns(values: Mapping[str, Column]) -> Cells:
    """Return the values of at least one row, given key by key, packed."""
    shared, columns = {}, {}
    for key, column in values.items():
        if isinstance(column[0], _SHARED) and all(value is column[0] or _is_same(value, column[0]) for value in column):
            shared[key] = column[0]
        else:
            columns[key] = _packed(column)
    return Cells(shared, columns)


def keys_of(blocks: Iterable[Cells]) -> list[str]:
    """Return every key that some row has, in order of first appearance."""
    return list(dict.fromkeys(key for block in blocks for key in (*block.shared, *block.columns)))


def _is_same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(value == other)


def _packed(column: Column) -> Column:
    kinds = set(map(type, column))
    if kinds == {float}:
        return array("d", column)
    if kinds == {int}:
        try:
            return array("q", column)
        except OverflowError:  # beyond 64 bits: JSON has no limit
            return column
    texts: dict[str, str] = {}
    return [texts.setdefault(value, value) if type(value) is str else value for value in column]
