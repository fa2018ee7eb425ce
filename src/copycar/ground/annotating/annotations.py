"""A project's labels as somebody edits them: place, move, name, interpolate, undo. Knows nothing of browsers.

Every edit is on the disk when its method returns. What can be undone lives as long as this object.
"""

from collections.abc import Iterable
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.ground.annotating.area import with_area
from copycar.ground.annotating.edits import Change, Edit, Labelled, Place, Point, between
from copycar.ground.annotating.label_files import LabelFiles, Signature
from copycar.ground.layouts.project import ANNOTATION, read_whole
from copycar.ground.scene import SPLITS, Moment


class Annotations:
    """The labels of a project.

    Args:
        project: a folder with calibrated cameras and extracted frames.

    Attributes:
        scene: the project, with its frames as they lie there: no training frame is held out.

    Raises:
        CopycarError: there are no frames, or a file is damaged.
    """

    def __init__(self, project: Path) -> None:
        scene, unit_m = read_whole(project)
        self.scene = with_area(scene)
        self._moments = {split: {m.number: m for m in scene.moments[split] if any(m.pictures)} for split in SPLITS}
        if not any(self._moments.values()):
            raise CopycarError(
                f"{project} has no frames to label",
                "1-annotation/train and 1-annotation/val are empty",
                "copycar ground extract PROJECT FOOTAGE",
            )
        self._files = LabelFiles(scene.folder / ANNOTATION, scene.cameras, scene.thing, unit_m)
        self._done: list[Edit] = []
        self._undone: list[Edit] = []

    @property
    def splits(self) -> list[str]:
        """Those that have frames."""
        return [split for split in SPLITS if self._moments[split]]

    def frames(self, split: str) -> list[int]:
        """Return the numbers of a split's frames, ascending."""
        return list(self._moments[split])

    def moment(self, place: Place) -> Moment:
        """Return a frame.

        Raises:
            CopycarError: there is no such frame.
        """
        found = self._moments.get(place.split, {}).get(place.frame)
        if found is None:
            raise CopycarError(f"there is no {place.split} frame {place.frame}", fix="extract it, or name another")
        return found

    def things(self, place: Place) -> list[Labelled]:
        """Return what is labelled in a frame."""
        return self._files.things(place) or []

    def is_labelled(self, place: Place) -> bool:
        """Return whether somebody labelled a frame, be it with nothing."""
        return self._files.signature(place) is not None

    def signature(self, place: Place) -> Signature | None:
        """Return what is different after anybody changed a frame's labels."""
        return self._files.signature(place)

    def known(self, split: str, who: int) -> dict[int, Point]:
        """Return in which frames of a split a thing is labelled, and where."""
        found = {}
        for frame in self.frames(split):
            points = [point for one, point in self.things(Place(split, frame)) if one == who]
            if points:
                found[frame] = points[0]
        return found

    def free_id(self, split: str) -> int:
        """Return the smallest number, from 1, above every id of a split."""
        ids = [one.who for frame in self.frames(split) for one in self.things(Place(split, frame))]
        return max(ids, default=0) + 1

    def put(self, place: Place, who: int, point: Point) -> None:
        """Place a thing, or move it where it is labelled already."""
        before = self._point_of(place, who)
        self._do(f"{'place' if before is None else 'move'} {who}", [Change(place, who, before, point)])

    def remove(self, place: Place, who: int) -> None:
        """Take a thing out of a frame.

        Raises:
            CopycarError: it is not there.
        """
        before = self._point_of(place, who)
        if before is None:
            raise CopycarError(f"{who} is not labelled in frame {place.frame}", fix="select what is there")
        self._do(f"remove {who}", [Change(place, who, before, None)])

    def rename(self, split: str, who: int, name: int, frames: Iterable[int]) -> int:
        """Give a thing another id in some frames of a split; return in how many.

        Raises:
            CopycarError: another thing has that id in one of them.
        """
        places = self.known(split, who)
        chosen = [frame for frame in frames if frame in places]
        taken = self.known(split, name)
        if both := [frame for frame in chosen if frame in taken]:
            raise CopycarError(
                f"{name} is labelled already in {split} frame {both[0]}", "an id is once in a frame", "choose another"
            )
        changes = []
        for frame in chosen:
            place, point = Place(split, frame), places[frame]
            changes += [Change(place, who, point, None), Change(place, name, None, point)]
        self._do(f"rename {who} to {name}", changes)
        return len(chosen)

    def interpolate(self, split: str, who: int) -> int:
        """Place a thing in all frames between those it is labelled in; return in how many.

        Raises:
            CopycarError: there is nothing between.
        """
        changes = list(between(split, who, self.known(split, who), self.frames(split)))
        if not changes:
            raise CopycarError(
                f"there is nothing to fill in for {who}",
                "it needs two labelled frames with others between them",
                "label it in a later frame first",
            )
        self._do(f"interpolate {who}", changes)
        return len(changes)

    def take_over(self, place: Place) -> int:
        """Place what the last labelled frame before this one has, and this one lacks, at the same spots."""
        earlier = [frame for frame in self.frames(place.split) if frame < place.frame]
        source = next((p for f in reversed(earlier) if self.things(p := Place(place.split, f))), None)
        here = {one.who for one in self.things(place)}
        found = [one for one in self.things(source) if one.who not in here] if source else []
        if not found:
            raise CopycarError("no earlier frame has anything that this one lacks", fix="click to place it")
        self._do(f"take over {len(found)}", [Change(place, one.who, None, one.point) for one in found])
        return len(found)

    def toggle_empty(self, place: Place) -> bool:
        """Say that nothing is in a frame, which is a label, too, or take that back; return whether it says so now.

        Raises:
            CopycarError: something is labelled there.
        """
        if self.things(place):
            raise CopycarError(f"frame {place.frame} is not empty", fix="remove what is labelled there first")
        if self.is_labelled(place):
            self._files.forget(place)
        else:
            self._files.mark_empty(place)
        return self.is_labelled(place)

    def undo(self) -> Edit | None:
        """Take the last edit back and return it; None where there is none.

        Raises:
            CopycarError: somebody else changed what it was about; it is forgotten then.
        """
        if not self._done:
            return None
        edit = self._done.pop()
        self._files.apply(edit.inverse().changes)
        for place in edit.founded:
            self._files.forget(place)
        self._undone.append(edit)
        return edit

    def redo(self) -> Edit | None:
        """Do again what was last taken back; otherwise as `undo`."""
        if not self._undone:
            return None
        edit = self._undone.pop()
        self._files.apply(edit.changes)
        self._done.append(edit)
        return edit

    def _do(self, words: str, changes: list[Change]) -> None:
        founded = frozenset(change.place for change in changes if not self.is_labelled(change.place))
        self._files.apply(changes)
        self._done.append(Edit(words, tuple(changes), founded))
        self._undone.clear()

    def _point_of(self, place: Place, who: int) -> Point | None:
        self.moment(place)
        return next((one.point for one in self.things(place) if one.who == who), None)
