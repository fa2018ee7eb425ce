"""Rows side by side, some hundred at a time: the way from lines of a catalog into columns. Knows nothing of files."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from copycar.tubs.cells import BLOCK, Cells, pack_values
from copycar.tubs.record import Row


class Block(NamedTuple):
    """At most `BLOCK` rows, at least one: the fields of `Row`, each a column, and their further values packed."""

    folder: Sequence[str]
    number: Sequence[int]
    session: Sequence[str]
    timestamp_ms: Sequence[int | None]
    t_ns: Sequence[int | None]
    name: Sequence[str]
    picture_bytes: Sequence[int | None]
    steering: Sequence[float]
    throttle: Sequence[float]
    cells: Cells


def block_of(rows: Sequence[Row]) -> Block:
    """Return rows side by side."""
    *columns, values = zip(*rows, strict=True)
    return Block._make([*columns, pack_values(values)])


def in_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """Yield all rows in blocks; they are read one block at a time."""
    remaining = iter(rows)
    while some := list(islice(remaining, BLOCK)):
        yield block_of(some)
