"""From catalog lines to usable records: what is left out, and why, in plain words. Opens no picture."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from copycar.core.frame import Action
from copycar.tubs.contents import Contents
from copycar.tubs.record import Raw, Record, file_name, frame_number, take_action, take_int, take_text

IMAGES = "images"


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
        self._image_key = contents.image_key
        self._picture_bytes = picture_bytes

    def records(self) -> Iterator[Record]:
        """Yield the usable records, in order; to be called once."""
        is_latest = _is_latest(self._contents)
        deleted = self._contents.manifest.deleted_indexes
        for position, raw in enumerate(self._contents.lines()):
            if raw is None:
                continue
            index = frame_number(raw, position)
            if not is_latest[position]:
                self.left_out["whose number is used again later, skipped"].append(index)
            elif position in deleted:
                self.deleted.add(index)
            else:
                record = self._judge(index, raw)
                if record:
                    yield record

    def repairs(self) -> list[str]:
        """Say what was left out or changed, one sentence per fault."""
        return [f"{len(indexes)} frames {fault} (first: {indexes[0]})" for fault, indexes in self.left_out.items()]

    def _judge(self, index: int, raw: Raw) -> Record | None:
        if raw.get("__empty__"):
            self.left_out["that only fill a gap, skipped"].append(index)
            return None
        name = file_name(raw.pop(self._image_key, None))
        size = self._picture_bytes(name)
        if not size:
            fault = "without a picture, skipped" if size is None else "with an empty picture file, skipped"
            self.left_out[fault].append(index)
            return None
        action = take_action(raw)
        if action is None:
            self.left_out["without a steering and throttle number, skipped"].append(index)
            return None
        return self._record(index, raw, name, self._in_range(index, action))

    def _in_range(self, index: int, action: Action) -> Action:
        if abs(action.steering) <= 1 and abs(action.throttle) <= 1:
            return action
        self.left_out["with steering or throttle outside -1 … 1, clipped"].append(index)
        return action.clipped()

    def _record(self, index: int, raw: Raw, name: str, action: Action) -> Record:
        raw.pop("_index", None)
        session = take_text(raw, "_session_id")
        timestamp_ms, t_ns = take_int(raw, "_timestamp_ms"), take_int(raw, "_t_ns")
        return Record(index, session, timestamp_ms, t_ns, self._images / name, action, raw)


def list_pictures(folder: Path) -> dict[str, int]:
    """Return the size in bytes of every file in the tub's picture folder, by name."""
    try:
        with os.scandir(folder / IMAGES) as entries:
            return {entry.name: entry.stat().st_size for entry in entries}
    except (FileNotFoundError, NotADirectoryError):
        return {}


def picture_bytes(folder: Path, name: str) -> int | None:
    """Return the size in bytes of one file in the tub's picture folder, None where there is none: asks for it alone."""
    try:
        return os.stat(f"{folder}/{IMAGES}/{name}").st_size if name else None  # noqa: PTH116  half of Path.stat's time
    except OSError:
        return None


def latest_positions(contents: Contents) -> dict[int, int]:
    """Return the place of each frame number among all lines; of two lines with one number, the later one's."""
    return {frame_number(raw, position): position for position, raw in enumerate(contents.lines()) if raw is not None}


def _is_latest(contents: Contents) -> list[bool]:
    """Return for each position whether no later line has its frame's number."""
    numbers = np.fromiter(
        (-1 if raw is None else frame_number(raw, position) for position, raw in enumerate(contents.lines())),
        dtype=np.int64,
        count=contents.n_lines,
    )
    if (np.diff(numbers) > 0).all():
        return [True] * len(numbers)
    is_latest = np.zeros(len(numbers), dtype=np.bool_)
    _, places_from_end = np.unique(numbers[::-1], return_index=True)
    is_latest[len(numbers) - 1 - places_from_end] = True
    latest: list[bool] = is_latest.tolist()
    return latest
