"""Who edited a tub, when, why and what: one line per edit in a file that donkeycar does not look at.

Knows nothing of how frames are deleted. The line is written before the edit itself: a kill in between leaves an entry
whose undoing changes nothing, never an edit that cannot be undone.
"""

import getpass
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copycar.tubs.ranges import to_ranges

HISTORY = ".copycar-edits.jsonl"
DELETE, RESTORE = "delete", "restore"
MOST_FRAMES = 10**8  # more than any tub has: a damaged number must not fill the memory


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of which frames count.

    Attributes:
        number: from 1, in the order of the file.
        verb: "delete" or "restore".
        ranges: frames whose state changed, half-open runs of frame numbers.
        why: in the editor's words.
        who: the user of the machine.
        when: ISO 8601, UTC.
        undoes: number of the edit that this one takes back; 0 for none. Taking an undoing back is a redoing.
    """

    number: int
    verb: str
    ranges: tuple[tuple[int, int], ...]
    why: str
    who: str
    when: str
    undoes: int = 0

    @property
    def indexes(self) -> list[int]:
        """Every frame number that changed."""
        return [index for start, stop in self.ranges for index in range(start, stop)]

    def as_json(self) -> dict[str, Any]:
        """Return the entry for scripts, with the number of frames."""
        return {**asdict(self), "frames": sum(stop - start for start, stop in self.ranges)}


def read_history(folder: Path) -> list[Edit]:
    """Return every edit of a tub, oldest first; lines that cannot be read are left out."""
    try:
        lines = (folder / HISTORY).read_bytes().splitlines()
    except OSError:
        return []
    parsed = [_parse(line, number) for number, line in enumerate(lines, 1)]
    return [edit for edit in parsed if edit]


def undoable(edits: list[Edit]) -> list[Edit]:
    """Return the edits that still hold, newest first."""
    holding = _holding(edits)
    return [edit for edit in reversed(edits) if not edit.undoes and edit.number in holding]


def redoable(edits: list[Edit]) -> list[Edit]:
    """Return the undoings that can be taken back, newest first: those since the last edit that was none."""
    holding, own = _holding(edits), {edit.number for edit in edits if not edit.undoes}
    last = max(own, default=0)
    return [edit for edit in reversed(edits) if edit.undoes in own and edit.number in holding and edit.number > last]


def _holding(edits: list[Edit]) -> set[int]:
    """Return the numbers of the edits that no later one, which holds itself, takes back."""
    holding: set[int] = set()
    taken_back: set[int] = set()
    for edit in reversed(edits):
        if edit.number not in taken_back:
            holding.add(edit.number)
            taken_back.add(edit.undoes)
    return holding


def record_edit(folder: Path, verb: str, indexes: Iterable[int], why: str, undoes: int = 0) -> None:
    """Add one line; the caller holds the tub's lock.

    Raises:
        OSError: not writable or disk full.
    """
    entry = {
        "verb": verb,
        "ranges": to_ranges(indexes),
        "why": why,
        "who": _user(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "undoes": undoes,
    }
    with (folder / HISTORY).open("ab+") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a killed editor: end its torn line, so that it costs nobody but itself
                file.write(b"\n")
        file.write(json.dumps(entry).encode("ascii") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _parse(line: bytes, number: int) -> Edit | None:
    try:
        entry = json.loads(line)
        ranges = tuple((int(start), int(stop)) for start, stop in entry["ranges"])
        if sum(stop - start for start, stop in ranges) > MOST_FRAMES:
            return None
        texts = {key: str(entry[key]) for key in ("verb", "why", "who", "when")}
        return Edit(number=number, ranges=ranges, undoes=int(entry["undoes"]), **texts)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container without a name for its user
        return "unknown"
