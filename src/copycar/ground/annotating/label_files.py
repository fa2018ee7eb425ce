"""The label files of a project while somebody edits them, each written whole and in one step after every edit.

Others may write them, too: a file is read again where it changed on the disk, what somebody else wrote in it stays, and
an edit of something that is no longer as it was shown is refused. Knows the layout; knows nothing of undo or browsers.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.ground.annotating.edits import Change, Labelled, Place, Point
from copycar.ground.boxes import boxes_around
from copycar.ground.calibration import Calibration
from copycar.ground.layouts.label_json import header_of, read_rows, row_of, things_of, write_rows
from copycar.ground.layouts.project import labels_of
from copycar.ground.layouts.write_project import ANNOTATOR
from copycar.ground.scene import SPLITS, Thing

SAME_M = 1e-4
"""Files keep hundredths of a millimetre; nearer places are the same."""

Rows = list[list[Any]]
Signature = tuple[int, int, int]


class LabelFiles:
    """Reads and edits the label files.

    Args:
        annotation: the project's `1-annotation`.
        cameras: whose boxes are written beside each place.
        thing: what stands there.
        unit_m: metres in the files' unit of length.
    """

    def __init__(self, annotation: Path, cameras: Sequence[Calibration], thing: Thing, unit_m: float) -> None:
        self._annotation, self._cameras, self._thing, self._unit_m = annotation, cameras, thing, unit_m
        self._known: dict[Path, tuple[Signature, Rows]] = {}
        self._annotator = {split: _annotator(annotation, split) for split in SPLITS}

    def path(self, place: Place) -> Path:
        """Return the file of a frame, of the annotator whose labels count."""
        return self._annotation / "labels" / place.split / f"{self._annotator[place.split]}_{place.frame}.json"

    def signature(self, place: Place) -> Signature | None:
        """Return what is different after anybody wrote the file; None where there is none."""
        try:
            state = self.path(place).stat()
        except FileNotFoundError:
            return None
        return state.st_mtime_ns, state.st_size, state.st_ino

    def things(self, place: Place) -> list[Labelled] | None:
        """Return what is labelled in a frame; None where nobody labelled it.

        Raises:
            CopycarError: the file is damaged.
        """
        rows = self._rows(place)
        return None if rows is None else [Labelled(who, _metres(point, self._unit_m)) for who, point in things_of(rows)]

    def apply(self, changes: Sequence[Change]) -> None:
        """Make changes, all or none where somebody else changed what they are about.

        Raises:
            CopycarError: something is no longer as it was; nothing is written then.
        """
        of_place: dict[Place, list[Change]] = defaultdict(list)
        for change in changes:
            of_place[change.place].append(change)
        changed = {place: self._changed(place, here) for place, here in of_place.items()}
        for place, rows in changed.items():
            self._write(place, rows)

    def mark_empty(self, place: Place) -> None:
        """Say that a frame without labels was looked at, and that nothing is there."""
        if self._rows(place) is None:
            self._write(place, [header_of(len(self._cameras))])

    def forget(self, place: Place) -> None:
        """Take the frame's file away if nothing is labelled in it."""
        if self.things(place) == []:
            self.path(place).unlink()

    def _rows(self, place: Place) -> Rows | None:
        path, signature = self.path(place), self.signature(place)
        if signature is None:
            self._known.pop(path, None)
            return None
        if path not in self._known or self._known[path][0] != signature:
            self._known[path] = signature, read_rows(path)
        return self._known[path][1]

    def _changed(self, place: Place, changes: Sequence[Change]) -> Rows:
        rows = list(self._rows(place) or [header_of(len(self._cameras))])
        for change in changes:
            number = self._row_number(rows, change)
            if change.after is None:
                del rows[number]
                continue
            boxes = boxes_around(np.array([change.after]), self._thing, self._cameras)[0]
            old = rows[number] if number < len(rows) else None
            rows[number : number + 1] = [row_of(rows[0], change.who, change.after, boxes, self._unit_m, old)]
        return rows

    def _row_number(self, rows: Rows, change: Change) -> int:
        """Return the row that a change is about; one past the last for a thing that is new."""
        for number, (who, point) in enumerate(things_of(rows), 1):
            if who == change.who and (change.before is None or _is_at(_metres(point, self._unit_m), change.before)):
                if change.before is None:
                    raise _changed_meanwhile(change)
                return number
        if change.before is not None:
            raise _changed_meanwhile(change)
        return len(rows)

    def _write(self, place: Place, rows: Rows) -> None:
        path = self.path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_rows(path, rows)
        signature = self.signature(place)
        if signature is not None:
            self._known[path] = signature, rows


def _annotator(annotation: Path, split: str) -> str:
    """Return who labelled the split: MARMOT reads the annotator with most files only, so that we go on in that name."""
    labels = labels_of(annotation, split)
    return next(iter(labels.values())).stem.rpartition("_")[0] if labels else ANNOTATOR


def _metres(point: Point, unit_m: float) -> Point:
    return point[0] * unit_m, point[1] * unit_m


def _is_at(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < SAME_M and abs(one[1] - other[1]) < SAME_M


def _changed_meanwhile(change: Change) -> CopycarError:
    return CopycarError(
        f"{change.who} in {change.place.split} frame {change.place.frame} is no longer as it was shown",
        "somebody else changed the label file",
        "look at it as it is now, and do it again",
    )
