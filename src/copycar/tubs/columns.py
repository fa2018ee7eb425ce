"""The fields of records as numpy columns, under names that an expression can write. Opens no picture."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, did_you_mean
from copycar.tubs.record import MODE, Record
from copycar.tubs.records import Records, as_records

Column = NDArray[Any]
"""(N,) of float64, bool or str: a field of every record. A missing number is NaN, a missing text ""."""

LARGEST = 1e300  # a whole number beyond it does not fit a float


class Columns:
    """The fields of some records, each made when it is first asked for.

    `index`, `steering`, `throttle`, `episode`, `mode`, `time_s` (since the first record), and every other key of the
    records with its punctuation written as `_`.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = as_records(records)
        self._keys = {as_name(key): key for key in self._records.keys}
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
        return _column(self._records.values_of(self._keys[name]))


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


def _steering(records: Records) -> Column:
    return records.actions[:, 0]


def _throttle(records: Records) -> Column:
    return records.actions[:, 1]


def _episode(records: Records) -> Column:
    return np.array(["", *records.sessions], dtype=np.str_)[records.session_of + 1]


def _mode(records: Records) -> Column:
    return np.array(["" if value is None else str(value) for value in records.values_of(MODE)], dtype=np.str_)


def _time_s(records: Records) -> Column:
    times = records.wall_s if np.isnan(records.monotonic_s).any() else records.monotonic_s
    known = times[~np.isnan(times)]
    return times - known[0] if len(known) else times


_BUILT_IN: dict[str, Callable[[Records], Column]] = {
    "index": lambda records: records.numbers.astype(np.float64),
    "steering": _steering,
    "throttle": _throttle,
    "user_angle": _steering,
    "user_throttle": _throttle,
    "episode": _episode,
    "mode": _mode,
    "time_s": _time_s,
}
