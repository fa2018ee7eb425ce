"""From catalog lines to usable records: what is left out, and why, in plain words. Opens no picture."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Action
from copycar.tubs.blocks import Block, block_of
from copycar.tubs.catalog import UNNUMBERED, UNREADABLE
from copycar.tubs.cells import BLOCK
from copycar.tubs.contents import Contents
from copycar.tubs.plain import plain_block
from copycar.tubs.record import Raw, Record, Row, file_name, take_action, take_int, take_text

IMAGES = "images"


class _Lines(NamedTuple):
    """Neighbouring lines: what they say, their frames' numbers, whether no later line has that number, is deleted."""

    raws: list[Raw | None]
    numbers: list[int]
    is_latest: list[bool]
    is_deleted: list[bool]


class Judge:
    """Turns the lines of one tub into records and remembers what it left out.

    Args:
        contents: the tub.
        picture_bytes: tells the size in bytes of the picture file of that name; None where there is none.

    Attributes:
        deleted: indexes of records that are marked as deleted; complete when all records have been taken.
        left_out: fault in words -> indexes of the records that have it; likewise.
    """

    def __init__(self, contents: Contents, picture_bytes: Callable[[str], int | None]) -> None:
        self.deleted: set[int] = set()
        self.left_out: dict[str, list[int]] = defaultdict(list)
        self._contents = contents
        self._images = contents.folder / IMAGES
        self._folder = str(self._images)
        self._image_key = contents.image_key
        self._picture_bytes = picture_bytes

    def records(self) -> Iterator[Record]:
        """Yield the usable records, in order; to be called once, and `rows` then not at all."""
        for row in self.rows():
            action = Action(row.steering, row.throttle)
            path = self._images / row.name
            yield Record(row.number, row.session, row.timestamp_ms, row.t_ns, path, action, row.values)

    def rows(self) -> Iterator[Row]:
        """Yield the usable records as rows, in order; to be called once."""
        for lines in self._lines():
            yield from self._usable(lines)

    def blocks(self) -> Iterator[Block]:
        """Yield the usable records side by side, in two fifths of the time; to be called once, and `rows` then not."""
        for lines in self._lines():
            block = None
            if all(lines.is_latest) and not any(lines.is_deleted):
                block = plain_block(lines.raws, lines.numbers, self._folder, self._image_key, self._picture_bytes)
            if block:
                yield block
            elif rows := list(self._usable(lines)):
                yield block_of(rows)

    def _lines(self) -> Iterator["_Lines"]:
        contents = self._contents
        is_deleted = np.zeros(contents.n_lines, dtype=np.bool_)
        is_deleted[list(contents.manifest.deleted_indexes)] = True
        columns = contents.frame_numbers(), _is_latest(contents.numbers), is_deleted
        remaining = contents.lines()
        for start in range(0, contents.n_lines, BLOCK):
            raws = list(islice(remaining, BLOCK))
            yield _Lines(raws, *(column[start : start + BLOCK].tolist() for column in columns))

    def _usable(self, lines: "_Lines") -> Iterator[Row]:
        for raw, number, is_latest, is_deleted in zip(*lines, strict=True):
            if raw is None:
                continue
            if not is_latest:
                self.left_out["whose number is used again later, skipped"].append(number)
            elif is_deleted:
                self.deleted.add(number)
            elif row := self._judge(number, raw):
                yield row

    def repairs(self) -> list[str]:
        """Say what was left out or changed, one sentence per fault."""
        return [f"{len(indexes)} frames {fault} (first: {indexes[0]})" for fault, indexes in self.left_out.items()]

    def _judge(self, number: int, raw: Raw) -> Row | None:
        if raw.get("__empty__"):
            self.left_out["that only fill a gap, skipped"].append(number)
            return None
        name = file_name(raw.pop(self._image_key, None))
        size = self._picture_bytes(name)
        if not size:
            fault = "without a picture, skipped" if size is None else "with an empty picture file, skipped"
            self.left_out[fault].append(number)
            return None
        action = take_action(raw)
        if action is None:
            self.left_out["without a steering and throttle number, skipped"].append(number)
            return None
        steering, throttle = action
        if not (-1 <= steering <= 1 and -1 <= throttle <= 1):
            self.left_out["with steering or throttle outside -1 … 1, clipped"].append(number)
            steering, throttle = action.clipped()
        raw.pop("_index", None)
        session = take_text(raw, "_session_id")
        timestamp_ms, t_ns = take_int(raw, "_timestamp_ms"), take_int(raw, "_t_ns")
        return Row(self._folder, number, session, timestamp_ms, t_ns, name, size, steering, throttle, raw)


def list_pictures(folder: Path) -> dict[str, int]:
    """Return the size in bytes of every file in the tub's picture folder, by name."""
    try:
        with _folder_to_scan(folder / IMAGES) as where, os.scandir(where) as entries:
            return {entry.name: entry.stat().st_size for entry in entries}
    except (FileNotFoundError, NotADirectoryError):
        return {}


@contextmanager
def _folder_to_scan(folder: Path) -> Iterator[int | Path]:
    """Yield the opened folder where the system can scan one: asking for a file from there takes a quarter less time."""
    if os.scandir not in os.supports_fd:
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def picture_bytes(folder: Path, name: str) -> int | None:
    """Return the size in bytes of one file in the tub's picture folder, None where there is none: asks for it alone."""
    try:
        return os.stat(f"{folder}/{IMAGES}/{name}").st_size if name else None  # noqa: PTH116  half of Path.stat's time
    except OSError:
        return None


def latest_positions(contents: Contents) -> dict[int, int]:
    """Return the place of each frame number among all lines; of two lines with one number, the later one's."""
    is_readable = (contents.numbers != UNREADABLE).tolist()
    numbers = contents.frame_numbers().tolist()
    return {number: position for position, number in enumerate(numbers) if is_readable[position]}


def _is_latest(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each position whether no later line has its frame's number."""
    numbers = np.where(numbers == UNNUMBERED, np.arange(len(numbers)), numbers)
    if (np.diff(numbers) > 0).all():
        return np.ones(len(numbers), dtype=np.bool_)
    is_latest = np.zeros(len(numbers), dtype=np.bool_)
    _, places_from_end = np.unique(numbers[::-1], return_index=True)
    is_latest[len(numbers) - 1 - places_from_end] = True
    return is_latest
