"""What one person at the annotation page looks at and does, without the page: frame, selection, clicks, keys.

Knows annotations and cameras; knows nothing of browsers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from copycar.core.errors import CopycarError
from copycar.ground.annotating.annotations import Annotations
from copycar.ground.annotating.edits import Edit, Labelled, Place, Point
from copycar.ground.annotating.marks import Mark, ground_at, marks_in
from copycar.ground.plan import Plan

PLAN = -1
"""The number of the ground plan among the views, which count from 0."""

PLAN_PX = 720
"""Longer side of the plan."""

NEAR_SHARE = 1 / 40
"""A press this near to a foot point, in widths of the picture, is on that thing."""

STEP_M, FAR_STEP_M = 0.01, 0.10
"""Of an arrow key, and with Shift: what a calibration is exact to, and a third of a small car."""


@dataclass(slots=True)
class Held:
    """A thing that is being dragged.

    Attributes:
        who: its id.
        start, now: where it was taken up, and is.
    """

    who: int
    start: Point
    now: Point


class Desk:
    """One person's place at the labels.

    Args:
        annotations: shared by all who have the page open.
        place: the frame to begin with; None: the first one that is not labelled.
        who: what is selected.

    Attributes:
        place: the frame that is looked at.
        who: id of what is selected; None: the next click makes a new thing.
        large: the view that fills the page; None: all are shown.
    """

    def __init__(self, annotations: Annotations, place: Place | None = None, who: int | None = None) -> None:
        self.annotations = annotations
        self.place = place or first_unlabelled(annotations)
        annotations.moment(self.place)
        self.who = who
        self.large: int | None = None
        self.plan = Plan.fitting(annotations.scene.area, PLAN_PX)
        self._held: Held | None = None

    def things(self) -> list[Labelled]:
        """Return what is in the frame, with what is being dragged where it is now."""
        held = self._held
        things = self.annotations.things(self.place)
        return [one if held is None or one.who != held.who else Labelled(one.who, held.now) for one in things]

    def ghosts(self) -> list[Labelled]:
        """Return what the frame before has, and this one lacks."""
        frames = self.annotations.frames(self.place.split)
        number = frames.index(self.place.frame)
        here = {one.who for one in self.things()}
        before = self.annotations.things(Place(self.place.split, frames[number - 1])) if number else []
        return [one for one in before if one.who not in here]

    def marks(self, view: int, things: list[Labelled]) -> list[Mark]:
        """Return things as a view, or the plan, shows them."""
        scene = self.annotations.scene
        if view != PLAN:
            return marks_in(scene.cameras[view], things, scene.thing)
        pixels = self.plan.pixels(np.array([one.point for one in things]).reshape(-1, 2)).tolist()
        half = scene.thing.width_m / 2 * self.plan.scale
        return [
            Mark(one.who, (x, y), (x - half, y - half, x + half, y + half))
            for one, (x, y) in zip(things, pixels, strict=True)
        ]

    def press(self, view: int, pixel: Point, *, is_move: bool = False) -> None:
        """Press the mouse: take up the thing there, or place one.

        Where nothing is, the selected thing is placed, or moved with `is_move`; a new one where the selected one is in
        the frame already.
        """
        near = self._near(view, pixel)
        if near is not None and not is_move:
            self.who = near.who
            self._held = Held(near.who, near.point, near.point)
            return
        point = self._ground(view, pixel)
        is_here = any(one.who == self.who for one in self.things())
        if self.who is None or (is_here and not is_move):
            self.who = self.annotations.free_id(self.place.split)
        self.annotations.put(self.place, self.who, point)

    def drag(self, view: int, pixel: Point) -> None:
        """Move the mouse with its button down."""
        if self._held is not None:
            self._held.now = self._ground(view, pixel)

    def release(self) -> None:
        """Let the thing go, which is kept now."""
        held, self._held = self._held, None
        if held is not None and held.now != held.start:
            self.annotations.put(self.place, held.who, held.now)

    def go(self, place: Place) -> None:
        """Look at another frame.

        Raises:
            CopycarError: there is none such.
        """
        self.annotations.moment(place)
        self.place, self._held = place, None

    def step(self, count: int) -> None:
        """Go on by so many frames, at most to the last or first."""
        frames = self.annotations.frames(self.place.split)
        number = min(max(frames.index(self.place.frame) + count, 0), len(frames) - 1)
        self.go(Place(self.place.split, frames[number]))

    def other_split(self) -> None:
        """Go to the first frame without labels of the other split."""
        splits = self.annotations.splits
        split = splits[(splits.index(self.place.split) + 1) % len(splits)]
        self.go(first_unlabelled(self.annotations, [split]))

    def next_unlabelled(self) -> None:
        """Go to the next frame that nobody labelled.

        Raises:
            CopycarError: all the later ones are labelled.
        """
        split = self.place.split
        later = (Place(split, frame) for frame in self.annotations.frames(split) if frame > self.place.frame)
        found = next((place for place in later if not self.annotations.is_labelled(place)), None)
        if found is None:
            raise CopycarError(f"every later {split} frame is labelled")
        self.go(found)

    def select_next(self, count: int = 1) -> None:
        """Select the next thing, of this frame and the one before it."""
        ids = sorted({one.who for one in (*self.things(), *self.ghosts())})
        if ids:
            self.who = ids[(ids.index(self.who) + count) % len(ids)] if self.who in ids else ids[0]

    def select_none(self) -> None:
        """Make the next click place a new thing."""
        self.who, self._held = None, None

    def nudge(self, right: int, up: int, step_m: float = STEP_M) -> None:
        """Move the selected thing on the ground, by steps along X and Y."""
        x, y = self._selected().point
        self.annotations.put(self.place, self._selected().who, (x + right * step_m, y + up * step_m))

    def remove(self) -> None:
        """Take the selected thing out of this frame."""
        self.annotations.remove(self.place, self._selected().who)

    def interpolate(self) -> str:
        """Fill in the selected thing between the frames it is labelled in."""
        who = self._selected().who
        return f"{who} filled in for {self.annotations.interpolate(self.place.split, who)} frames"

    def take_over(self) -> str:
        """Place what the last labelled frame has."""
        return f"{self.annotations.take_over(self.place)} taken over; drag them to where they are now"

    def rename(self, name: int, *, is_everywhere: bool) -> str:
        """Give the selected thing another id, in this frame or in all of the split."""
        who, split = self._selected().who, self.place.split
        frames = self.annotations.frames(split) if is_everywhere else [self.place.frame]
        count = self.annotations.rename(split, who, name, frames)
        self.who = name
        return f"{who} is {name} now, in {count} frames"

    def toggle_empty(self) -> str:
        """Say that nothing is in this frame, or take that back."""
        is_empty = self.annotations.toggle_empty(self.place)
        return "labelled: nothing is here" if is_empty else "not labelled any more"

    def undo(self) -> str:
        """Take the last edit back and show where it was."""
        return self._shown(self.annotations.undo, "undone")

    def redo(self) -> str:
        """Do it again and show where."""
        return self._shown(self.annotations.redo, "done again")

    def _shown(self, act: Callable[[], Edit | None], words: str) -> str:
        edit = act()
        if edit is None:
            return "nothing to undo" if words == "undone" else "nothing to do again"
        places = {change.place for change in edit.changes}
        if self.place not in places:
            self.go(min(places))
        return f"{words}: {edit.words}"

    def _selected(self) -> Labelled:
        found = next((one for one in self.things() if one.who == self.who), None)
        if found is None:
            raise CopycarError("nothing is selected in this frame", fix="click a thing, or press Tab")
        return found

    def _near(self, view: int, pixel: Point) -> Labelled | None:
        things = self.things()
        width = self.plan.size[1] if view == PLAN else self.annotations.scene.cameras[view].camera.width_px
        apart = {
            mark.who: float(np.hypot(mark.foot_px[0] - pixel[0], mark.foot_px[1] - pixel[1]))
            for mark in self.marks(view, things)
        }
        nearest = min(apart, key=lambda who: apart[who], default=None)
        if nearest is None or apart[nearest] > width * NEAR_SHARE:
            return None
        return next(one for one in things if one.who == nearest)

    def _ground(self, view: int, pixel: Point) -> Point:
        if view == PLAN:
            return self.plan.ground(pixel)
        point = ground_at(self.annotations.scene.cameras[view], pixel)
        if point is None:
            raise CopycarError("there is no ground where you clicked", "it is above the horizon", "click on the floor")
        return point


def first_unlabelled(annotations: Annotations, splits: list[str] | None = None) -> Place:
    """Return the first frame that nobody labelled; the very first where all are."""
    places = [Place(split, frame) for split in splits or annotations.splits for frame in annotations.frames(split)]
    return next((place for place in places if not annotations.is_labelled(place)), places[0])
