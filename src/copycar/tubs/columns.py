"""The fields of records as numpy columns, under names that an expression can write. Opens no picture."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, did_you_mean
from copycar.tubs.record import MODE, Record

Column = NDArray[Any]
"""(N,) of float64, bool or str: a field of every record. A missing number is NaN, a missing text ""."""

LARGEST = 1e300  # a whole number beyond it does not fit a float


class Columns:
    """The fields of some records, each made when it is first asked for.

    `index`, `steering`, `throttle`, `episode`, `mode`, `time_s` (since the first record), and every other key of the
    records with its punctuation written as `_`.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._keys = {as_name(key): key for record in records for key in record.values}
        self._made: dict[str, Column] = {}

    @property
    def names(self) -> list[str]:
        """Every field, sorted."""
        return sorted(_BUILT_IN.keys() | self._keys.keys())

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, name: str) -> Column:
        """Return the field `name` of all records.

        Raises:
            CopycarError: no record has it; with the nearest name.
        """
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Column:
        if name in _BUILT_IN:
            return _BUILT_IN[name](self._records)
        if name not in self._keys:
            raise CopycarError(f"no field {name!r} in these records", fix=did_you_mean(name, self.names))
        return _column([record.values.get(self._keys[name]) for record in self._records])


def as_name(key: str) -> str:
    """Return how an expression writes a record key.

    >>> as_name("imu/acl_x")
    'imu_acl_x'
    """
    return re.sub(r"\W", "_", key)


def _column(values: list[Any]) -> Column:
    """Return booleans where all are, numbers where no value is a text, else texts."""
    if all(isinstance(value, bool) for value in values):
        return np.array(values, dtype=np.bool_)
    if any(isinstance(value, str) for value in values):
        return np.array(["" if value is None else str(value) for value in values], dtype=np.str_)
    return np.array([_number(value) for value in values], dtype=np.float64)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < LARGEST else np.nan


def _steering(records: Sequence[Record]) -> Column:
    return np.array([record.action.steering for record in records], dtype=np.float64)


def _throttle(records: Sequence[Record]) -> Column:
    return np.array([record.action.throttle for record in records], dtype=np.float64)


def _time_s(records: Sequence[Record]) -> Column:
    stamps = [np.nan if record.timestamp_ms is None else record.timestamp_ms / 1000 for record in records]
    if all(record.t_ns is not None for record in records):
        stamps = [(record.t_ns or 0) / 1e9 for record in records]
    times = np.array(stamps, dtype=np.float64)
    known = times[~np.isnan(times)]
    return times - known[0] if len(known) else times


_BUILT_IN: dict[str, Callable[[Sequence[Record]], Column]] = {
    "index": lambda records: np.array([record.index for record in records], dtype=np.float64),
    "steering": _steering,
    "throttle": _throttle,
    "user_angle": _steering,
    "user_throttle": _throttle,
    "episode": lambda records: np.array([record.session for record in records], dtype=np.str_),
    "mode": lambda records: np.array([str(record.values.get(MODE, "")) for record in records], dtype=np.str_),
    "time_s": _time_s,
}
