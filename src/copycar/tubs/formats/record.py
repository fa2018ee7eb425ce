"""Write shots into a new tub: bytes of JPEG pictures as they are, one session per episode. Knows nothing of formats."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.frame import Decision, Frame
from copycar.tubs.contents import tub_type
from copycar.tubs.depth import decode_depth
from copycar.tubs.entry import BASE_INPUTS, CONVERT
from copycar.tubs.formats.donkeycar_v2 import Writing
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.pictures import picture_size, to_jpeg
from copycar.tubs.formats.shot import Shot
from copycar.tubs.formats.threads import in_threads
from copycar.tubs.jpeg import decode_jpeg
from copycar.tubs.more_pictures import DEPTH, PICTURE_TYPES
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

VECTORS = {"nparray", "list", "vector"}
SIZE_SAMPLE = 15  # pictures whose most frequent size is the recording's


@dataclass(frozen=True, slots=True)
class Recorded:
    """How much was written: live frames, frames marked as deleted, episodes."""

    frames: int
    deleted: int
    episodes: int


class _SourceClock:
    """Tells the source's own time, so that a converted recording keeps its dates."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def wall_s(self) -> float:
        return self.now_s

    def monotonic_ns(self) -> int:
        return round(self.now_s * 1e9)

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def record_shots(
    shots: Iterator[Shot],
    folder: Path,
    notes: Notes,
    options: Writing,
    advance: Callable[[], None],
) -> Recorded:
    """Write every good shot into the new tub at `folder`; bad ones are told in `notes`.

    Args:
        shots: as a reader yields them.
        folder: where to.
        notes: of the reader; its metadata and inputs are looked at once the first shot is there.
        options: how pictures are kept.
        advance: is called after every shot.

    Raises:
        CopycarError: not one shot is good, or `folder` is not writable.
    """
    encode = partial(_encode, quality=options.quality, keeps_original=not options.drop_originals)
    good = _without_bad(in_threads(encode, _of_one_size(shots, notes)), notes, advance)
    clock, deleted, n_frames, n_episodes = _SourceClock(), list[int](), 0, 0
    for _, episode in groupby(good, key=lambda ready: ready[0].episode):
        first = next(episode)
        clock.now_s = first[0].wall_s
        inputs = _types(first[0].frame.extras) | notes.inputs
        with TubWriter(folder, extras=inputs, metadata=notes.metadata, clock=clock) as writer:
            for shot, jpeg in chain([first], episode):
                clock.now_s = shot.wall_s
                index = writer.append_encoded(_fitting(shot, inputs, notes), jpeg)
                n_frames += 1
                if shot.is_deleted:
                    deleted.append(index)
        n_episodes += 1
    if not n_frames:
        raise CopycarError("not one frame can be used", "; ".join(notes.sentences()) or "the recording is empty")
    if deleted:
        Tub.open(folder).delete(deleted, "deleted in the source")
    return Recorded(n_frames - len(deleted), len(deleted), n_episodes)


def _of_one_size(shots: Iterator[Shot], notes: Notes) -> Iterator[Shot]:
    """Leave out shots whose picture has another size than most of the first ones."""
    sample = list(islice(shots, SIZE_SAMPLE))
    sizes = Counter(size for shot in sample if (size := _size(shot)))
    common = max(sizes, key=sizes.__getitem__) if sizes else None
    for shot in chain(sample, shots):
        size = _size(shot)
        if size and common and size != common:
            notes.drop(
                f"of another size than the others' {common[1]}x{common[0]}", f"{shot.place}, {size[1]}x{size[0]}"
            )
        else:
            yield shot


def _size(shot: Shot) -> tuple[int, int] | None:
    try:
        return picture_size(shot.picture)
    except ValueError:
        return None  # told when it is encoded


def _encode(shot: Shot, quality: int, keeps_original: bool) -> tuple[Shot, bytes | str]:
    """Return the shot with its JPEG, or with what is wrong with its picture."""
    try:
        picture_size(shot.picture)
        return replace(shot, picture=b""), to_jpeg(shot.picture, quality, keeps_original=keeps_original)
    except ValueError as error:
        return replace(shot, picture=b""), str(error)


def _without_bad(
    ready: Iterator[tuple[Shot, bytes | str]], notes: Notes, advance: Callable[[], None]
) -> Iterator[tuple[Shot, bytes]]:
    for shot, jpeg in ready:
        advance()
        _, label, _ = shot.frame.decision
        if isinstance(jpeg, str):
            notes.drop(f"with an unusable picture ({jpeg})", shot.place)
        elif not label.is_finite:
            notes.drop("without a steering and throttle number", shot.place)
        else:
            yield shot, jpeg


def _fitting(shot: Shot, inputs: Mapping[str, str], notes: Notes) -> Frame:
    """Return the frame with what a tub can hold of its action and extras."""
    action, label, source = shot.frame.decision
    if label != label.clipped():
        notes.change("with steering or throttle outside -1 … 1: clipped", shot.place)
    extras = {}
    for key, value in shot.frame.extras.items():
        if _fits(value, inputs.get(key)) and _is_free(key):
            extras[key] = value
        elif value is not None:
            notes.change(f"with a {key} that a tub cannot hold: kept without it", shot.place)
    executed = action.clipped() if action.is_finite else label.clipped()
    return replace(shot.frame, decision=Decision(executed, label.clipped(), source), extras=extras)


def _types(extras: Mapping[str, Any]) -> dict[str, str]:
    types = {key: tub_type(key, value) for key, value in extras.items() if isinstance(value, float | int | str | list)}
    return {key: kind for key, kind in types.items() if _is_free(key)}


def _is_free(key: str) -> bool:
    return key not in BASE_INPUTS and not key.startswith("_")


def _fits(value: Any, kind: str | None) -> bool:
    """Return whether `value` can be recorded, and as the declared type without becoming another."""
    if isinstance(value, bytes):
        return _is_whole(value, kind)
    if isinstance(value, list):
        return kind in VECTORS and _converts(value, kind)
    if not isinstance(value, float | int | str) or kind in PICTURE_TYPES:
        return False
    if kind is None or (isinstance(value, float) and not math.isfinite(value)):
        return True  # what is no number is left out by the recorder, as by donkeycar
    return kind not in VECTORS and _converts(value, kind) and bool(CONVERT[kind](value) == value)


def _converts(value: Any, kind: str) -> bool:
    try:
        CONVERT[kind](value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _is_whole(picture: bytes, kind: str | None) -> bool:
    """Return whether a further picture can be decoded."""
    try:
        if kind == DEPTH:
            decode_depth(picture)
        else:
            decode_jpeg(picture, picture_size(picture))
    except ValueError:
        return False
    return kind in PICTURE_TYPES
