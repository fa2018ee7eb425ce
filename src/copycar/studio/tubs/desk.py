"""The tubs that pages have open, and whether somebody else has changed them since.

Edits through `copycar.tubs.edit` alone. Knows nothing of HTTP.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.studio.workplace import Workplace
from copycar.tubs.edit import change, redo, undo
from copycar.tubs.episodes import find_episodes, pause_s, step_seconds
from copycar.tubs.history import HISTORY, read_history
from copycar.tubs.jpeg import decode_jpeg, what_is_wrong
from copycar.tubs.manifest import MANIFEST
from copycar.tubs.ranges import to_ranges
from copycar.tubs.read import read_picture
from copycar.tubs.record import Record
from copycar.tubs.records import Records
from copycar.tubs.where import matches
from copycar.tubs.whole import Whole, read_whole

MOST_OPEN = 4  # tubs kept in memory: 30 MB each at 100,000 frames
SHOWN_EDITS = 100  # newest ones


@dataclass(frozen=True, slots=True)
class Opened:
    """One tub as it was when it was read.

    Attributes:
        whole: every usable frame, and which ones are deleted.
        places: frame number → place among them.
        version: changes with the files.
    """

    whole: Whole
    places: dict[int, int]
    version: str

    @property
    def records(self) -> Records:
        """Every usable frame, the deleted ones too."""
        return self.whole.records


class Desk:
    """Open tubs, the latest few of them. May be used from several threads.

    Args:
        workplace: where tubs are.
    """

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self._opened: OrderedDict[Path, Opened] = OrderedDict()
        self._use = threading.RLock()

    def open(self, name: str, version: str = "") -> Opened:
        """Return a tub as it is on the disk now, or as it was in `version` where that is still kept.

        Raises:
            CopycarError: as `Tub.open`, or it is outside the studio's folder.
        """
        path = self.workplace.path(name)
        with self._use:
            kept = self._opened.get(path)
            if kept and kept.version == version:
                return kept
            version = version_of(path)
            if kept is None or kept.version != version:
                kept = self._opened[path] = opened(path, version, kept)
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
        folder, numbers = self.workplace.path(name), self.open(name).records.numbers
        chosen = [numbers[(numbers >= start) & (numbers < stop)] for start, stop in ranges]
        frames = np.concatenate([*chosen, np.empty(0, np.int64)]).tolist()
        match verb:
            case "delete" | "restore":
                change(folder, verb, frames, why or f"{verb}d in the studio")
            case "undo":
                undo(folder)
            case "redo":
                redo(folder)
            case _:
                raise CopycarError(f"unknown edit {verb!r}")

    def summary(self, name: str) -> dict[str, Any]:
        """Return what the list of tubs shows of one."""
        whole = self.open(name).whole
        steps_s = step_seconds(whole.records)
        driven = steps_s[np.isfinite(steps_s) & (steps_s >= 0) & (steps_s <= pause_s(steps_s))]
        return {
            "name": name,
            "frames": len(whole.records) - len(whole.deleted),
            "deleted": len(whole.deleted),
            "episodes": len(find_episodes(whole.records)),
            "duration_s": round(float(driven.sum()), 1),
            "megabytes": round(float(whole.records.picture_bytes.clip(0).sum()) / 1e6, 1),
            "repairs": whole.repairs,
        }

    def about(self, name: str) -> dict[str, Any]:
        """Return all of a tub but its frames."""
        opened = self.open(name)
        edits = read_history(self.workplace.path(name))[-SHOWN_EDITS:]
        steps_s = step_seconds(opened.records)
        known = steps_s[np.isfinite(steps_s) & (steps_s > 0)]
        return {
            **self.summary(name),
            "version": opened.version,
            "history": [edit.as_json() | {"ranges": edit.ranges[:3]} for edit in reversed(edits)],
            "rate_hz": round(1 / float(np.median(known)), 1) if len(known) else 20.0,
            "drives": [[episode.id, episode.start, episode.stop] for episode in find_episodes(opened.records)],
            "inputs": opened.whole.inputs,
        }

    def picture(self, name: str, number: int, version: str = "") -> bytes:
        """Return the JPEG of one frame, as it lies on the disk.

        Raises:
            CopycarError: there is no such frame, or its picture cannot be shown; it says why.
        """
        data = read_picture(self.record(name, number, version).image_path)
        fault = what_is_wrong(data, self.open(name, version).whole.image_size)
        if fault:
            raise CopycarError(f"frame {number} cannot be shown", fault, "delete it: it cannot be learned from either")
        return data

    def image(self, name: str, number: int) -> Any:
        """Return one frame's picture, uint8 (H, W, 3) RGB; raises as `picture`."""
        return decode_jpeg(self.picture(name, number), self.open(name).whole.image_size)

    def record(self, name: str, number: int, version: str = "") -> Record:
        """Return all that is recorded of one frame.

        Raises:
            CopycarError: there is no such frame.
        """
        opened = self.open(name, version)
        if number not in opened.places:
            raise CopycarError(f"{name} has no frame {number}", "somebody may have recorded on meanwhile", "reload it")
        return opened.records[opened.places[number]]

    def frames_before(self, name: str, number: int, most: int) -> list[int]:
        """Return the frames that were driven right before one, the oldest first: of its drive, live, without a gap."""
        opened = self.open(name)
        place = opened.places[number]
        numbers: list[int] = opened.records.numbers.tolist()
        begins = max(episode.start for episode in find_episodes(opened.records) if episode.start <= place)
        start = place
        while start > max(begins, place - most) and numbers[start - 1] not in opened.whole.deleted:
            start -= 1
        return numbers[start:place]

    def matching(self, name: str, expression: str) -> list[tuple[int, int]]:
        """Return the frames, deleted ones too, that fulfil an expression, as runs of frame numbers.

        Raises:
            CopycarError: a bad expression.
        """
        records = self.open(name).records
        return to_ranges(records.numbers[matches(records, expression)].tolist())


def opened(folder: Path, version: str, kept: Opened | None) -> Opened:
    """Read a tub; `kept` is the same one read earlier, of which only the deletions may have changed."""
    whole = read_whole(folder, kept.whole if kept else None)
    if kept and whole.records is kept.records:
        return Opened(whole, kept.places, version)
    return Opened(whole, {number: place for place, number in enumerate(whole.records.numbers.tolist())}, version)


def version_of(folder: Path) -> str:
    """Return a text that changes when a tub's files do: its manifest, its history, its newest catalog."""
    files = [folder / MANIFEST, folder / HISTORY, *sorted(folder.glob("*.catalog"))[-1:]]
    stats = [file.stat() for file in files if file.exists()]
    return "-".join(f"{stat.st_mtime_ns:x}.{stat.st_size:x}" for stat in stats)
