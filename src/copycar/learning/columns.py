"""What a network reads of a record besides its picture: sensors, buttons, behaviours, places, commands.

Knows records. Knows no networks and no tensors.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.tubs.record import Record
from copycar.tubs.records import Records, as_records

Values = NDArray[np.float32] | NDArray[np.int64]
"""A column: float32 (N, k) of numbers, or int64 (N,) of categories."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Plain numbers, one or more of each record.

    Attributes:
        keys: record keys; each holds a number or a row of numbers.
        mirror: factor of every number where the picture is mirrored; None where nobody knows: then nothing is mirrored.
        otherwise: makes the numbers from a record that lacks one of the keys.
        mean, std: of the training frames, filled in by `described`.
    """

    keys: tuple[str, ...]
    mirror: tuple[float, ...] | None = None
    otherwise: Callable[[Record], Sequence[float]] | None = None
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()

    @property
    def width(self) -> int:
        """How many numbers a frame has, once described."""
        return len(self.mean)

    def of(self, record: Record) -> list[float] | None:
        """Return the record's numbers; None where it lacks one."""
        found: list[float] = []
        for key in self.keys:
            value = record.values.get(key)
            row: list[Any] = list(value) if isinstance(value, list | tuple) else [value]
            if not row or not all(isinstance(x, int | float) and np.isfinite(x) for x in row):
                return list(self.otherwise(record)) if self.otherwise else None
            found += [float(x) for x in row]
        return found

    def read(self, records: Sequence[Record]) -> NDArray[np.float32]:
        """Return float32 (N, k) of records that all have them.

        Raises:
            CopycarError: the rows differ in length.
        """
        rows = [self.of(record) or [] for record in records]
        widths = {len(row) for row in rows}
        if len(widths) > 1:
            raise CopycarError(
                f"{', '.join(self.keys)} differ in length", f"rows of {sorted(widths)} numbers", "name other keys"
            )
        return np.array(rows, dtype=np.float32)

    def described(self, values: Values) -> "Numbers":
        """Return the column with mean and standard deviation of `values` (N, k); constants get a deviation of 1."""
        std = values.std(axis=0)
        return replace(
            self, mean=tuple(values.mean(axis=0).tolist()), std=tuple(np.where(std > 1e-6, std, 1.0).tolist())
        )

    def as_json(self) -> dict[str, Any]:
        """Return what a policy file keeps: which keys to give it, in order."""
        return {"keys": list(self.keys), "width": self.width}


@dataclass(frozen=True, slots=True)
class Category:
    """One of several named things.

    Attributes:
        keys: record keys, the first that a record has counts; it holds a name, or a number from 0.
        names: the things in the order of their numbers; empty: those found, numbers in their order, then names sorted.
        otherwise: names the thing of a record that lacks all keys; None where it cannot.
        mirrors: whether a mirrored picture shows the category of the mirrored name (left ↔ right); False where a
            mirrored picture shows something else altogether, as with places: then nothing is mirrored.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...] = ()
    otherwise: Callable[[Record], str | None] | None = None
    mirrors: bool = True

    def of(self, record: Record) -> str | int | None:
        """Return the record's thing as it was recorded; None where it has none."""
        for key in self.keys:
            value = record.values.get(key)
            if isinstance(value, str) and value and (not self.names or value in self.names):
                return value
            if isinstance(value, int) and value >= 0 and (not self.names or value < len(self.names)):
                return value
        return self.otherwise(record) if self.otherwise else None

    def read(self, records: Sequence[Record]) -> NDArray[np.int64]:
        """Return int64 (N,) places in `names`."""
        number = {name: place for place, name in enumerate(self.names)}
        things = (self.of(record) for record in records)
        return np.array([thing if isinstance(thing, int) else number[str(thing)] for thing in things], dtype=np.int64)

    @property
    def width(self) -> int:
        """How many things there are: the length of the one-hot input."""
        return len(self.names)

    def named(self, records: Sequence[Record]) -> "Category":
        """Return the category with the names found in `records`, where it has none yet.

        Numbers keep their place: with numbers only, 0 … largest are named "0", "1" …
        """
        if self.names:
            return self
        found = {self.of(record) for record in records}
        largest = max((thing for thing in found if isinstance(thing, int)), default=-1)
        names = sorted(thing for thing in found if isinstance(thing, str))
        return replace(self, names=(*(str(number) for number in range(largest + 1)), *names))

    def as_json(self) -> dict[str, Any]:
        """Return what a policy file keeps: keys and names."""
        return {"keys": list(self.keys), "names": list(self.names)}


Column = Numbers | Category


@dataclass(frozen=True, slots=True)
class Reads:
    """Everything that a network reads of a recording.

    Attributes:
        n_frames: pictures of a sample, the newest last.
        n_actions: earlier actions of a sample.
        inputs: what it is given besides, by the name of its input.
        labels: what it is asked besides steering and throttle, by name.
    """

    n_frames: int = 1
    n_actions: int = 0
    inputs: Mapping[str, Column] = field(default_factory=dict)
    labels: Mapping[str, Column] = field(default_factory=dict)

    @property
    def n_before(self) -> int:
        """How many uninterrupted frames a sample needs before its own."""
        return max(self.n_frames - 1, self.n_actions)

    @property
    def columns(self) -> dict[str, Column]:
        """Inputs and labels."""
        return {**self.inputs, **self.labels}

    @property
    def scaling(self) -> dict[str, dict[str, list[float]]]:
        """Mean and deviation of every input and label that is a number, by name, as a run keeps them."""
        numbers = {name: column for name, column in self.columns.items() if isinstance(column, Numbers)}
        return {name: {"mean": list(column.mean), "std": list(column.std)} for name, column in numbers.items()}

    def with_columns(self, columns: Mapping[str, Column]) -> "Reads":
        """Return the same with other columns under the same names."""
        return replace(
            self,
            inputs={name: columns[name] for name in self.inputs},
            labels={name: columns[name] for name in self.labels},
        )


def complete(records: Sequence[Record], columns: Mapping[str, Column]) -> tuple[Records, list[str]]:
    """Return the records that have every column, and in words what was left out.

    Raises:
        CopycarError: no record has one of the columns.
    """
    kept, notes = as_records(records), []
    for name, column in columns.items():
        has = np.array([column.of(record) is not None for record in kept], dtype=np.bool_)
        if len(kept) and not has.any():
            raise _missing(name, column, kept[0])
        if left_out := int((~has).sum()):
            first = kept[int(np.argmin(has))]
            notes.append(f"left out {left_out} frames without {' / '.join(column.keys)}, the first is {first.index}")
            kept = kept.take(np.flatnonzero(has))
    return kept, notes


def _missing(name: str, column: Column, record: Record) -> CopycarError:
    there = ", ".join(sorted(record.values)) or "nothing else"
    return CopycarError(
        f"the network reads {name!r} from {' or '.join(column.keys)}, which no frame of these tubs has",
        f"besides picture and action, a frame has {there}",
        "record it, name other keys in the network's options (copycar networks), or take another --type",
    )
