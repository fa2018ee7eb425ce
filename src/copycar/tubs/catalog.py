"""One `catalog_N.catalog`: a record per line, and its line index beside it. Knows nothing of the manifest."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from copycar.core.files import write_atomic
from copycar.tubs.record import Raw, frame_number

CATALOG_NAME = re.compile(r"catalog_(\d+)\.catalog")
UNNUMBERED, UNREADABLE = -1, -2


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalog as it lies on disk.

    Attributes:
        path: the file.
        lines: one entry per line that holds anything; None where nothing could be read of it.
        lengths: bytes of every line with its line end, blank lines counted to the line before.
        n_salvaged: lines that began with the torn rest of another one.
        torn_bytes: length of a half written line at the end, to be cut off before anybody appends.
        is_unfinished: the last record is whole, but its line end is missing.
    """

    path: Path
    lines: Sequence[Raw | None]
    lengths: list[int]
    n_salvaged: int = 0
    torn_bytes: int = 0
    is_unfinished: bool = False

    def numbers(self) -> NDArray[np.int64]:
        """Return the frame's number of every line, (N,): `UNREADABLE` or `UNNUMBERED` where it tells none."""
        numbers = (UNREADABLE if line is None else frame_number(line, UNNUMBERED) for line in self.lines)
        return np.fromiter(numbers, dtype=np.int64, count=len(self.lines))


class LinesOnDisk(Sequence[Raw | None]):
    """The lines of a catalog, read anew by everybody who asks: between two readers they take no memory.

    Args:
        path: the catalog.
        n_lines: how many it had when it was first read; what a recorder appends later is not seen.
    """

    def __init__(self, path: Path, n_lines: int) -> None:
        self._path, self._n_lines = path, n_lines

    def __len__(self) -> int:
        return self._n_lines

    def __iter__(self) -> Iterator[Raw | None]:
        return islice(read_catalog(self._path).lines, self._n_lines)

    @overload
    def __getitem__(self, place: int) -> Raw | None: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Raw | None]: ...

    def __getitem__(self, place: int | slice) -> Raw | Sequence[Raw | None] | None:
        return list(self)[place]


def catalog_number(name: str) -> int:
    """Return N of `catalog_N.catalog`, -1 for any other name."""
    found = CATALOG_NAME.fullmatch(name)
    return int(found[1]) if found else -1


def read_catalog(path: Path) -> Catalog:
    """Read all lines of a catalog, in whatever state it is.

    Raises:
        OSError: the file cannot be read at all.
    """
    data = path.read_bytes()
    whole, tail = data[: data.rfind(b"\n") + 1], data[data.rfind(b"\n") + 1 :]
    parts = whole.split(b"\n")[:-1]
    texts = [line for line in parts if line.strip()]
    lines, n_salvaged = _parse_all(texts)
    last = _parse_line(tail) if tail.strip() else None
    lengths = _lengths(parts) if len(texts) < len(parts) else [len(line) + 1 for line in parts]
    if last is None:
        return Catalog(path, lines, lengths, n_salvaged, torn_bytes=len(tail))
    return Catalog(path, [*lines, last], [*lengths, len(tail) + 1], n_salvaged, is_unfinished=True)


def index_path(catalog: Path) -> Path:
    """Return where the catalog's line index lies."""
    return catalog.with_suffix(".catalog_manifest")


def read_index(catalog: Path) -> dict[str, Any]:
    """Read a catalog's line index; empty where it is missing or damaged."""
    try:
        index = json.loads(index_path(catalog).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return index if isinstance(index, dict) else {}


def created_at(catalog: Path) -> float:
    """Return when a catalog was begun, seconds since 1970: by its line index, else by the file system."""
    stamp = read_index(catalog).get("created_at")
    return float(stamp) if isinstance(stamp, int | float) else catalog.stat().st_mtime


def write_index(catalog: Path, begun_s: float, start_index: int, lengths: list[int]) -> None:
    """Replace a catalog's line index in one step.

    Raises:
        OSError: not writable or disk full; the old index is untouched.
    """
    path = index_path(catalog)
    index = {"created_at": begun_s, "line_lengths": lengths, "path": path.name, "start_index": start_index}
    write_atomic(path, json.dumps(index, sort_keys=True) + "\n")


def _lengths(parts: list[bytes]) -> list[int]:
    lengths: list[int] = []
    for line in parts:
        if line.strip() or not lengths:
            lengths.append(len(line) + 1)
        else:
            lengths[-1] += len(line) + 1
    return lengths


def _parse_all(texts: list[bytes]) -> tuple[list[Raw | None], int]:
    """Parse all lines as one JSON array, which is twice as fast; line by line only where that fails."""
    try:
        parsed = json.loads(b"[" + b",".join(texts) + b"]")
    except (ValueError, RecursionError):
        parsed = []
    if len(parsed) == len(texts) and all(type(line) is dict for line in parsed):
        return parsed, 0
    lines = [(_parse_line(text), text) for text in texts]
    salvaged = [line if line is not None else _after_torn_start(text) for line, text in lines]
    n_salvaged = sum(line is None and rescued is not None for (line, _), rescued in zip(lines, salvaged, strict=True))
    return salvaged, n_salvaged


def _parse_line(text: bytes) -> Raw | None:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def _after_torn_start(text: bytes) -> Raw | None:
    """Return the record that somebody appended to a torn line without ending that first."""
    start = text.rfind(b'{"_index"')
    return _parse_line(text[start:]) if start > 0 else None
