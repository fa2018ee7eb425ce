"""The tubs that pages have open, and whether somebody else has changed them since. Reads; edits through `Tub` alone.

Knows nothing of HTTP.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.studio.workplace import Workplace
from copycar.tubs.episodes import find_episodes, pause_s, step_seconds
from copycar.tubs.history import HISTORY
from copycar.tubs.jpeg import decode_jpeg, what_is_wrong
from copycar.tubs.manifest import MANIFEST
from copycar.tubs.ranges import to_ranges
from copycar.tubs.read import read_picture
from copycar.tubs.record import Record
from copycar.tubs.records import Records
from copycar.tubs.tub import Tub
from copycar.tubs.where import matches
from copycar.tubs.whole import every_record

MOST_OPEN = 4  # tubs kept in memory: 30 MB each at 100,000 frames
SHOWN_EDITS = 100  # newest ones


@dataclass(frozen=True, slots=True)
class Opened:
    """One tub as it was when it was read.

    Attributes:
        tub: its live frames, and the way to edit them.
        records: every usable frame, the deleted ones too.
        places: frame number → place in `records`.
        version: changes with the files.
    """

    tub: Tub
    records: Records
    places: dict[int, int]
    version: str


class Desk:
    """Open tubs, the latest few of them. May be used from several threads.

    Args:
        workplace: where tubs are.
    """

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self._opened: OrderedDict[Path, Opened] = OrderedDict()
        self._use = threading.RLock()

    def open(self, name: str) -> Opened:
        """Return a tub as it is on the disk now.

        Raises:
            CopycarError: as `Tub.open`, or it is outside the studio's folder.
        """
        path = self.workplace.path(name)
        with self._use:
            version, kept = version_of(path), self._opened.get(path)
            if kept is None or kept.version != version:
                tub, records = Tub.open(path), every_record(path)
                places = {number: place for place, number in enumerate(records.numbers.tolist())}
                kept = self._opened[path] = Opened(tub, records, places, version)
            self._opened.move_to_end(path)
            while len(self._opened) > MOST_OPEN:
                self._opened.popitem(last=False)
            return kept

    def edit(self, name: str, verb: str, ranges: list[tuple[int, int]], why: str) -> None:
        """Delete, restore, undo or redo.

        Args:
            name: of the tub.
            verb: one of these.
            ranges: half-open runs of frame numbers, for the first two; numbers without a frame may be among them.
            why: kept in the tub's history.

        Raises:
            CopycarError: unknown verb, or as `Tub.delete`, `Tub.undo`, `Tub.redo`.
        """
        opened = self.open(name)
        chosen = [number for number in opened.places if any(start <= number < stop for start, stop in ranges)]
        match verb:
            case "delete":
                opened.tub.delete(chosen, why or "deleted in the studio")
            case "restore":
                opened.tub.restore(chosen, why or "restored in the studio")
            case "undo":
                opened.tub.undo()
            case "redo":
                opened.tub.redo()
            case _:
                raise CopycarError(f"unknown edit {verb!r}")

    def summary(self, name: str) -> dict[str, Any]:
        """Return what the list of tubs shows of one."""
        opened = self.open(name)
        steps_s = step_seconds(opened.records)
        driven = steps_s[np.isfinite(steps_s) & (steps_s >= 0) & (steps_s <= pause_s(steps_s))]
        return {
            "name": name,
            "frames": len(opened.tub),
            "deleted": len(opened.tub.deleted),
            "episodes": len(opened.tub.episodes),
            "duration_s": round(float(driven.sum()), 1),
            "megabytes": round(float(opened.records.picture_bytes.clip(0).sum()) / 1e6, 1),
            "repairs": opened.tub.repairs,
        }

    def about(self, name: str) -> dict[str, Any]:
        """Return all of a tub but its frames."""
        opened = self.open(name)
        history = [edit.as_json() | {"ranges": edit.ranges[:3]} for edit in opened.tub.history[-SHOWN_EDITS:]]
        steps_s = step_seconds(opened.records)
        known = steps_s[np.isfinite(steps_s) & (steps_s > 0)]
        return {
            **self.summary(name),
            "version": opened.version,
            "history": history[::-1],
            "rate_hz": round(1 / float(np.median(known)), 1) if len(known) else 20.0,
            "drives": [[episode.id, episode.start, episode.stop] for episode in find_episodes(opened.records)],
            "inputs": opened.tub.inputs,
        }

    def picture(self, name: str, number: int) -> bytes:
        """Return the JPEG of one frame, as it lies on the disk.

        Raises:
            CopycarError: there is no such frame, or its picture cannot be shown; it says why.
        """
        data = read_picture(self.record(name, number).image_path)
        fault = what_is_wrong(data, self.open(name).tub.image_size)
        if fault:
            raise CopycarError(f"frame {number} cannot be shown", fault, "delete it: it cannot be learned from either")
        return data

    def image(self, name: str, number: int) -> Any:
        """Return one frame's picture, uint8 (H, W, 3) RGB; raises as `picture`."""
        return decode_jpeg(self.picture(name, number), self.open(name).tub.image_size)

    def record(self, name: str, number: int) -> Record:
        """Return all that is recorded of one frame.

        Raises:
            CopycarError: there is no such frame.
        """
        opened = self.open(name)
        if number not in opened.places:
            raise CopycarError(f"{name} has no frame {number}", "somebody may have recorded on meanwhile", "reload it")
        return opened.records[opened.places[number]]

    def matching(self, name: str, expression: str) -> list[tuple[int, int]]:
        """Return the frames, deleted ones too, that fulfil an expression, as runs of frame numbers.

        Raises:
            CopycarError: a bad expression.
        """
        records = self.open(name).records
        return to_ranges(records.numbers[matches(records, expression)].tolist())


def version_of(folder: Path) -> str:
    """Return a text that changes when a tub's files do: its manifest, its history, its newest catalog."""
    files = [folder / MANIFEST, folder / HISTORY, *sorted(folder.glob("*.catalog"))[-1:]]
    stats = [file.stat() for file in files if file.exists()]
    return "-".join(f"{stat.st_mtime_ns:x}.{stat.st_size:x}" for stat in stats)
