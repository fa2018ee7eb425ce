"""Tub v2, our own format, as a source: all that can be read of it. Knows nothing of mending a tub in place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision, Frame
from copycar.tubs.contents import is_tub, read_contents
from copycar.tubs.entry import BASE_INPUTS, CONVERT
from copycar.tubs.formats.format import Format, NoOptions
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.pictures import QUALITY
from copycar.tubs.formats.shot import NO_IMAGE, Shot
from copycar.tubs.more_pictures import more_picture_keys, read_more_pictures
from copycar.tubs.read import read_picture
from copycar.tubs.record import MODE, PILOT_ANGLE, PILOT_THROTTLE, Record
from copycar.tubs.tub import Tub

SOURCE_MODE = "source/mode"
"""Where a mode is kept that a frame's decision cannot say, such as donkeycar's `local_angle`."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Options of writing a tub.

    Attributes:
        quality: 1 … 100, of pictures that are no JPEG yet.
        drop_originals: do not carry lossless pictures behind the JPEG made of them. They take more space than the JPEG
            itself, but with them a recording comes back bit for bit.
    """

    quality: int = QUALITY
    drop_originals: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise CopycarError(f"--quality {self.quality} is not possible", fix="choose 1 … 100")


def read(folder: Path, options: NoOptions, notes: Notes) -> Iterator[Shot]:
    """Yield every frame, deleted ones too; what cannot be used is left out and told."""
    tub = Tub.open(folder)
    contents = read_contents(folder)
    everything = Tub(folder, replace(contents, manifest=replace(contents.manifest, deleted_indexes=frozenset())))
    notes.expected = len(everything)
    notes.metadata.update(tub.metadata)
    for repair in everything.repairs:
        notes.say(repair)
    cameras = [key for key in more_picture_keys(tub.inputs) if key != contents.image_key]
    notes.inputs.update(declarable(tub.inputs))
    episode = -1
    starts = {part.start for part in everything.episodes}
    for place, record in enumerate(everything.records):
        episode += place in starts
        frame = record_frame(record)
        more = dict.fromkeys(cameras) | read_more_pictures(record, cameras)
        yield Shot(
            replace(frame, extras={**frame.extras, **more}),
            read_picture(record.image_path),
            f"frame {record.index}",
            episode,
            (record.timestamp_ms or 0) / 1000,
            record.index in tub.deleted,
        )


def declarable(inputs: Mapping[str, str]) -> dict[str, str]:
    """Return those inputs that a recorder is to be told of: not the ones that every tub has."""
    return {
        key: kind
        for key, kind in inputs.items()
        if kind in CONVERT and key not in BASE_INPUTS and not key.startswith("_")
    }


def record_frame(record: Record) -> Frame:
    """Return a record as a frame without its picture."""
    decision, extras = decision_of(record.action, record.values)
    t_ns = record.t_ns if record.t_ns is not None else (record.timestamp_ms or 0) * 1_000_000
    return Frame(NO_IMAGE, decision, t_ns, extras)


def decision_of(label: Action, values: Mapping[str, Any]) -> tuple[Decision, dict[str, Any]]:
    """Return who decided what, by donkeycar's keys, and the values that it does not say."""
    angle, throttle, mode = (values.get(key) for key in (PILOT_ANGLE, PILOT_THROTTLE, MODE))
    extras = {key: value for key, value in values.items() if key != MODE}
    executed = label
    if isinstance(angle, float | int) and isinstance(throttle, float | int):
        executed = Action(float(extras.pop(PILOT_ANGLE)), float(extras.pop(PILOT_THROTTLE)))
    if mode not in (None, "", "user", "local"):
        extras[SOURCE_MODE] = str(mode)
    return Decision(executed, label, "human" if mode in (None, "", "user") else "policy"), extras


FORMAT = Format("a donkeycar tub", lambda path: path.is_dir() and is_tub(path), read, writing=Writing)
