"""A new tub with every picture and label changed in the same way. Knows nothing of what the change is for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.core.progress import OnProgress
from copycar.tubs.jpeg import decode_jpeg, encode_jpeg
from copycar.tubs.more_pictures import more_picture_keys
from copycar.tubs.parallel import map_in_order
from copycar.tubs.read import read_picture
from copycar.tubs.record import Record
from copycar.tubs.tub import Tub
from copycar.tubs.work.made import Made
from copycar.tubs.work.new_tub import new_tub

QUALITY = 92
"""Of the new JPEGs: a second encoding at it costs less than the first one did (donkeycar's 75, ours 85)."""


def rewrite(
    tub: Tub,
    path: Path,
    *,
    picture: Callable[[Image], Image],
    label: Callable[[Record], Record],
    metadata: Mapping[str, Any],
    on_progress: OnProgress | None = None,
) -> Made:
    """Write the tub anew; frames keep their sessions and times, unreadable ones are left out.

    Args:
        tub: the original, left alone.
        path: the new tub; must not exist.
        picture: changes a picture, uint8 (H, W, 3).
        label: changes a record; its picture's name does not matter.
        metadata: added to the tub's own notes.
        on_progress: is told (frames done, frames in all).

    Raises:
        CopycarError: not one frame could be used, or `path` exists or cannot be written.
    """
    size = tub.image_size
    dropped_keys = more_picture_keys(tub.inputs)

    def change(record: Record) -> bytes | None:
        try:
            return encode_jpeg(picture(decode_jpeg(read_picture(record.image_path), size)), QUALITY)
        except ValueError:
            return None

    inputs = {key: kind for key, kind in tub.inputs.items() if key not in dropped_keys}
    left_out: list[int] = []
    with new_tub(path, inputs, {**tub.metadata, **metadata}) as new:
        for done, (record, jpeg) in enumerate(zip(tub.records, map_in_order(change, tub.records), strict=True), 1):
            if jpeg is None:
                left_out.append(record.index)
            else:
                new.add(label(_without(record, dropped_keys)), jpeg)
            if on_progress:
                on_progress(done, len(tub.records))
        if not len(new):
            raise CopycarError(f"{tub.path} has no usable picture", fix=f"copycar tub check {tub.path}")
    notes = [f"{len(left_out)} frames with an unusable picture left out (first: {left_out[0]})"] if left_out else []
    notes += [f"{key}: further cameras are not changed, and left out" for key in dropped_keys]
    return Made(path, len(tub.records) - len(left_out), tuple(notes))


def _without(record: Record, keys: list[str]) -> Record:
    return replace(record, values={key: value for key, value in record.values.items() if key not in keys})
