"""Many records in little memory: numbers as columns, a `Record` made whenever one is asked for.

A million frames take some 100 MB, as a list of `Record` 1 GB. Knows nothing of files beyond their names.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Action
from copycar.tubs.blocks import Block, in_blocks
from copycar.tubs.cells import BLOCK, Cells, keys_of
from copycar.tubs.record import Record, Row, image_name

UNKNOWN = -(2**63)
"""Stands in a column of whole numbers for what a recording does not tell."""

Ints = NDArray[np.int64]

_COLUMNS = ("folder_of", "numbers", "session_of", "timestamp_ms", "t_ns", "picture_bytes", "actions", "cell_of")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Records(Sequence[Record]):
    """Records of one tub or several, in order. Reads like a list of `Record`; whole columns are quicker.

    Attributes:
        folders: picture folders.
        sessions: session ids.
        folder_of, session_of: int64 (N,) which of them each record belongs to.
        numbers: int64 (N,) frame numbers, `index` of a `Record`.
        timestamp_ms, t_ns: int64 (N,) as in `Record`; `UNKNOWN` where the recording has none.
        picture_bytes: int64 (N,) size of the picture file when the tub was opened; `UNKNOWN` where nobody looked.
        actions: float64 (N, 2) steering and throttle, as in `Record`.
        cell_of: int64 (N,) `block * BLOCK + row` in `cells`.
        cells: all other values, in blocks.
        odd_names: by `cell_of`: picture names that are not the usual one of the frame's number.
    """

    folders: tuple[Path, ...]
    sessions: tuple[str, ...]
    folder_of: Ints
    numbers: Ints
    session_of: Ints
    timestamp_ms: Ints
    t_ns: Ints
    picture_bytes: Ints
    actions: NDArray[np.float64]
    cell_of: Ints
    cells: tuple[Cells, ...]
    odd_names: dict[int, str]

    def __len__(self) -> int:
        return len(self.numbers)

    def __repr__(self) -> str:
        return f"Records({len(self)} of {len(self.folders)} folders)"

    @overload
    def __getitem__(self, place: int) -> Record: ...

    @overload
    def __getitem__(self, place: slice) -> "Records": ...

    def __getitem__(self, place: int | slice) -> "Record | Records":
        if isinstance(place, slice):
            return self._part(place)
        place = range(len(self))[place]  # counts from the end where negative, refuses what is out of range
        return next(iter(self._part(slice(place, place + 1))))

    def __iter__(self) -> Iterator[Record]:
        folders = {str(folder): folder for folder in self.folders}
        for row in self.rows():
            action = Action(row.steering, row.throttle)
            path = folders[row.folder] / row.name
            yield Record(row.number, row.session, row.timestamp_ms, row.t_ns, path, action, row.values)

    def take(self, places: Ints | Sequence[int]) -> "Records":
        """Return the records at these places, in their order; repeats are allowed."""
        return self._part(np.asarray(places, dtype=np.int64))

    def with_actions(self, actions: NDArray[np.float64]) -> "Records":
        """Return the same records with other actions, (N, 2)."""
        return replace(self, actions=actions)

    @property
    def drive(self) -> Ints:
        """Int64 (N,); neighbours that share it are of one tub and one session."""
        return self.session_of * len(self.folders) + self.folder_of

    @property
    def monotonic_s(self) -> NDArray[np.float64]:
        """(N,) seconds of the monotonic clock, NaN where unknown."""
        return _seconds(self.t_ns, 1e9)

    @property
    def wall_s(self) -> NDArray[np.float64]:
        """(N,) seconds since 1970, NaN where unknown."""
        return _seconds(self.timestamp_ms, 1e3)

    @property
    def keys(self) -> list[str]:
        """The keys of all `values`."""
        used = np.unique(self.cell_of // BLOCK).tolist()
        return keys_of(self.cells[block] for block in used)

    def values_of(self, key: str) -> list[Any]:
        """Return what each record says under a key of `values`, None where it lacks it."""
        return [self.cells[cell // BLOCK].get(key, cell % BLOCK) for cell in self.cell_of.tolist()]

    def picture_names(self) -> Iterator[str]:
        """Yield the file name of every picture."""
        for number, cell in zip(self.numbers.tolist(), self.cell_of.tolist(), strict=True):
            yield self.odd_names.get(cell) or image_name(number)

    def picture_paths(self) -> Iterator[str]:
        """Yield the path of every picture."""
        folders = [str(folder) for folder in self.folders]
        for folder, name in zip(self.folder_of.tolist(), self.picture_names(), strict=True):
            yield f"{folders[folder]}/{name}"

    def rows(self) -> Iterator[Row]:
        """Yield the records without their paths: a third of the time."""
        for start in range(0, len(self), BLOCK):
            yield from self._part(slice(start, start + BLOCK))._few_rows()

    def _few_rows(self) -> Iterator[Row]:
        folders = [str(folder) for folder in self.folders]
        columns = (getattr(self, name).tolist() for name in _COLUMNS)
        for folder, number, session, timestamp_ms, t_ns, n_bytes, (steering, throttle), cell in zip(
            *columns, strict=True
        ):
            yield Row(
                folders[folder],
                number,
                self.sessions[session],
                None if timestamp_ms == UNKNOWN else timestamp_ms,
                None if t_ns == UNKNOWN else t_ns,
                self.odd_names.get(cell) or image_name(number),
                None if n_bytes == UNKNOWN else n_bytes,
                steering,
                throttle,
                self.cells[cell // BLOCK].values(cell % BLOCK),
            )

    def _part(self, places: slice | Ints) -> "Records":
        return replace(self, **{name: getattr(self, name)[places] for name in _COLUMNS})


def as_records(records: Iterable[Record]) -> Records:
    """Return the records as columns; those that are already are returned as they are."""
    if isinstance(records, Records):
        return records
    return pack(
        Row(
            str(r.image_path.parent),
            r.index,
            r.session,
            r.timestamp_ms,
            r.t_ns,
            r.image_path.name,
            None,
            *r.action,
            r.values,
        )
        for r in records
    )


def pack(rows: Iterable[Row]) -> Records:
    """Return rows as columns; they are read one block at a time."""
    return pack_blocks(in_blocks(rows))


def pack_blocks(blocks: Iterable[Block]) -> Records:
    """Return blocks of rows as columns; they are read one at a time."""
    folders: dict[str, int] = {}
    sessions: dict[str, int] = {}
    odd_names: dict[int, str] = {}
    cells: list[Cells] = []
    columns: list[tuple[NDArray[Any], ...]] = []
    for of in blocks:
        first = len(cells) * BLOCK
        cells.append(of.cells)
        odd_names |= {first + row: name for row, name in enumerate(of.name) if name != image_name(of.number[row])}
        columns.append(
            (
                _codes(of.folder, folders),
                np.array(of.number, dtype=np.int64),
                _codes(of.session, sessions),
                _whole(of.timestamp_ms),
                _whole(of.t_ns),
                _whole(of.picture_bytes),
                np.array([of.steering, of.throttle], dtype=np.float64).T,
                np.arange(first, first + len(of.number)),
            )
        )
    return _records(map(Path, folders), sessions, columns, cells, odd_names)


def joined(parts: Iterable[Records]) -> Records:
    """Return the records of several recordings, one after the other."""
    folders: dict[Path, int] = {}
    sessions: dict[str, int] = {}
    odd_names: dict[int, str] = {}
    cells: list[Cells] = []
    columns: list[tuple[NDArray[Any], ...]] = []
    for part in parts:
        first = len(cells) * BLOCK
        odd_names |= {first + cell: name for cell, name in part.odd_names.items()}
        cells += part.cells
        moved = replace(
            part,
            folder_of=_codes(part.folders, folders)[part.folder_of],
            session_of=_codes(part.sessions, sessions)[part.session_of],
            cell_of=part.cell_of + first,
        )
        columns.append(tuple(getattr(moved, name) for name in _COLUMNS))
    return _records(folders, sessions, columns, cells, odd_names)


def _records(
    folders: Iterable[Path],
    sessions: Iterable[str],
    columns: list[tuple[NDArray[Any], ...]],
    cells: list[Cells],
    odd_names: dict[int, str],
) -> Records:
    """Put blocks of columns, in the order of `_COLUMNS`, one below the other."""
    nothing = np.empty(0, dtype=np.int64)
    none = tuple(np.empty((0, 2)) if name == "actions" else nothing for name in _COLUMNS)
    together = map(np.concatenate, zip(none, *columns, strict=True))
    named: dict[str, Any] = dict(zip(_COLUMNS, together, strict=True))
    return Records(tuple(folders), tuple(sessions), cells=tuple(cells), odd_names=odd_names, **named)


def _codes(names: Iterable[Any], known: dict[Any, int]) -> Ints:
    """Return the number of each name, giving out new ones."""
    return np.fromiter((known.setdefault(name, len(known)) for name in names), dtype=np.int64)


def _whole(values: Sequence[int | None]) -> Ints:
    return np.array([UNKNOWN if value is None else value for value in values], dtype=np.int64)


def _seconds(column: Ints, per_second: float) -> NDArray[np.float64]:
    return np.where(column == UNKNOWN, np.nan, column / per_second)
