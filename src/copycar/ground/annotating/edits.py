"""What somebody did to labels, in a form that can be taken back. Knows nothing of files or browsers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
"""(x, y) metres on the ground."""


class Place(NamedTuple):
    """A frame.

    Attributes:
        split: "train" or "val".
        frame: its number.
    """

    split: str
    frame: int


class Labelled(NamedTuple):
    """A thing in a frame.

    Attributes:
        who: its id.
        point: where it stands.
    """

    who: int
    point: Point


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of one frame.

    Attributes:
        place: the frame.
        who: the thing's id.
        before, after: where it stood and stands; None: it was not, or is not, there.
    """

    place: Place
    who: int
    before: Point | None
    after: Point | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What was done in one go.

    Attributes:
        words: for people: "move 3".
        changes: of it.
        founded: frames that nobody had labelled before it.
    """

    words: str
    changes: tuple[Change, ...]
    founded: frozenset[Place] = frozenset()

    def inverse(self) -> "Edit":
        """Return what takes it back."""
        changes = [Change(change.place, change.who, change.after, change.before) for change in reversed(self.changes)]
        return Edit(self.words, tuple(changes))


def between(split: str, who: int, known: Mapping[int, Point], frames: Sequence[int]) -> Iterator[Change]:
    """Yield the thing's places in the frames between those it is known in, on straight lines at even speed.

    Args:
        split: of the frames.
        who: the thing.
        known: frame number to place.
        frames: all frame numbers of the split, ascending.
    """
    for first, last in pairwise(sorted(known)):
        (x0, y0), (x1, y1) = known[first], known[last]
        for frame in (frame for frame in frames if first < frame < last):
            share = (frame - first) / (last - first)
            yield Change(Place(split, frame), who, None, (x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
