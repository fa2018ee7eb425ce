"""What AutCar has captured, as frames with a class each, faults left out and said. Knows nothing of sets or training.

A class is a command's name. AutCar's networks know twelve; a recording can have more, which are counted as one of them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.tubs.doctor.checks.flat_pictures import LEAST_BRIGHTNESS, LEAST_CONTRAST
from copycar.tubs.formats import autcar
from copycar.tubs.formats.autcar import COMMAND
from copycar.tubs.formats.autcar_commands import CLASSES, action_of, nearest_command
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.pictures import decode_picture
from copycar.tubs.formats.shot import Shot
from copycar.tubs.formats.threads import in_threads

STOP = "stop"
STARTED = "started"


class Faults(Notes):
    """Notes that hear only of frames with faults: what a tub would make of the others does not matter here."""

    def say(self, remark: str) -> None:
        """Forget a remark about the recording as a whole."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One usable frame.

    Attributes:
        name: of its class.
        content: equal for equal pictures.
        picture: the file's bytes.
    """

    name: str
    content: bytes
    picture: bytes


def read_captures(
    folders: Sequence[Path], classes: Sequence[str], ignore: Collection[str], notes: Notes
) -> Iterator[Capture]:
    """Yield the usable frames of AutCar's capture folders, in their order.

    Args:
        folders: each with a `training.csv`.
        classes: the names that frames may have.
        ignore: names of classes to leave out.
        notes: is told what was left out or counted as something else.

    Raises:
        CopycarError: a folder is none of AutCar's.
    """
    for folder in folders:
        if not autcar.detect(folder):
            raise CopycarError(
                f"{folder} holds no recording of AutCar",
                f"it has no {autcar.TABLE}",
                "name the folder into which AutCar's Capture wrote",
            )
        shots = autcar.read(folder, autcar.Reading(), notes)
        for shot in usable(in_classes(_placed(shots, folder), classes, notes), notes):
            name = shot.frame.extras[COMMAND]
            if name in ignore:
                notes.drop(f"of {name}, as asked", shot.place)
                continue
            assert isinstance(shot.picture, bytes)
            yield Capture(name, content_of(shot), shot.picture)


def content_of(shot: Shot) -> bytes:
    """Return what is equal for equal picture files, and all but surely different for different ones."""
    assert isinstance(shot.picture, bytes)
    return blake2b(shot.picture, digest_size=16).digest()


def in_classes(shots: Iterable[Shot], classes: Sequence[str], notes: Notes) -> Iterator[Shot]:
    """Yield shots whose command is one of `classes`; others are counted as the nearest, or left out, and told."""
    for shot in shots:
        recorded = shot.frame.extras[COMMAND]
        name = class_of(recorded, classes)
        if name is None:
            notes.drop(f"of {recorded}, which is none of the {len(classes)} classes", shot.place)
            continue
        if name != recorded:
            notes.change(f"of {recorded}: counted as {name}", shot.place)
        yield replace(shot, frame=replace(shot.frame, extras={**shot.frame.extras, COMMAND: name}))


def class_of(recorded: str, classes: Sequence[str] = CLASSES) -> str | None:
    """Return the class that a recorded command counts as; None where it is none of them.

    `started`, AutCar's command before the first one, is a car that stands. A turn without a direction, before the
    first move, goes forward. Harsh turns and slow moves count as the nearest that AutCar's networks know.

    >>> class_of("right_light_None"), class_of("left_harsh_forward"), class_of("started")
    ('right_light_forward', 'left_medium_forward', 'stop')
    """
    name = STOP if recorded == STARTED else re.sub("_None$", "_forward", recorded)
    if name in classes:
        return name
    action = action_of(name)
    nearest = nearest_command(action) if action else None
    return nearest if nearest in classes else None


def usable(shots: Iterable[Shot], notes: Notes) -> Iterator[Shot]:
    """Yield the shots whose picture shows something; those of one colour teach only the most frequent command."""
    for shot, fault in in_threads(_with_fault, shots):
        if fault:
            notes.drop(f"with {fault}", shot.place)
        else:
            yield shot


def _placed(shots: Iterable[Shot], folder: Path) -> Iterator[Shot]:
    return (replace(shot, place=f"{folder.name}, {shot.place}") for shot in shots)


def _with_fault(shot: Shot) -> tuple[Shot, str]:
    assert isinstance(shot.picture, bytes)
    try:
        grey = decode_picture(shot.picture).mean(axis=2)
    except ValueError as error:
        return shot, f"an unusable picture ({error})"
    if np.mean(grey) < LEAST_BRIGHTNESS:
        return shot, "a black picture"
    return shot, "a picture of one colour" if np.std(grey) < LEAST_CONTRAST else ""
