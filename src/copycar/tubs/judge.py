"""From catalog lines to usable records: what is left out, and why, in plain words. Opens no picture."""

import os
from collections import defaultdict
from pathlib import Path

from copycar.core.frame import Action
from copycar.tubs.contents import Contents
from copycar.tubs.record import Raw, Record, file_name, frame_number, take_action, take_int, take_text

IMAGES = "images"


class Judge:
    """Turns the lines of one tub into records and remembers what it left out.

    Attributes:
        records: the usable ones, in order.
        deleted: indexes of records that are marked as deleted.
        left_out: fault in words -> indexes of the records that have it.
    """

    def __init__(self, contents: Contents, picture_bytes: dict[str, int]) -> None:
        self.records: list[Record] = []
        self.deleted: set[int] = set()
        self.left_out: dict[str, list[int]] = defaultdict(list)
        self._images = contents.folder / IMAGES
        self._image_key = contents.image_key
        self._picture_bytes = picture_bytes
        self._judge_all(contents)

    def repairs(self) -> list[str]:
        """Say what was left out or changed, one sentence per fault."""
        return [f"{len(indexes)} frames {fault} (first: {indexes[0]})" for fault, indexes in self.left_out.items()]

    def _judge_all(self, contents: Contents) -> None:
        latest = latest_positions(contents)
        deleted = contents.manifest.deleted_indexes
        for position, raw in enumerate(contents.lines()):
            if raw is None:
                continue
            index = frame_number(raw, position)
            if latest[index] != position:
                self.left_out["whose number is used again later, skipped"].append(index)
            elif position in deleted:
                self.deleted.add(index)
            else:
                self._judge(index, raw)

    def _judge(self, index: int, raw: Raw) -> None:
        if raw.get("__empty__"):
            self.left_out["that only fill a gap, skipped"].append(index)
            return
        name = file_name(raw.pop(self._image_key, None))
        size = self._picture_bytes.get(name)
        if not size:
            fault = "without a picture, skipped" if size is None else "with an empty picture file, skipped"
            self.left_out[fault].append(index)
            return
        action = take_action(raw)
        if action is None:
            self.left_out["without a steering and throttle number, skipped"].append(index)
            return
        self.records.append(self._record(index, raw, name, self._in_range(index, action)))

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


def latest_positions(contents: Contents) -> dict[int, int]:
    """Return the place of each frame number among all lines; of two lines with one number, the later one's."""
    return {frame_number(raw, position): position for position, raw in enumerate(contents.lines()) if raw is not None}
