"""A frame's further pictures: more cameras, as JPEG, and depth, as 16-bit PNG. Knows nothing of the main camera."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.tubs.depth import decode_depth, encode_depth
from copycar.tubs.jpeg import decode_jpeg, encode_jpeg, jpeg_size
from copycar.tubs.read import read_picture
from copycar.tubs.record import IMAGE, Record, file_name

COLOUR, DEPTH = "image_array", "gray16_array"
PICTURE_TYPES = (COLOUR, DEPTH)
"""Tub types whose records name a file in `images/`."""


def more_picture_keys(inputs: Mapping[str, str]) -> list[str]:
    """Return the declared record keys that name further pictures."""
    return [key for key, kind in inputs.items() if kind in PICTURE_TYPES and key != IMAGE]


def read_more_pictures(record: Record, keys: Sequence[str]) -> dict[str, bytes]:
    """Return the content of a record's further picture files; those that are missing or empty are left out."""
    files = {key: file_name(record.values.get(key)) for key in keys}
    contents = {key: read_picture(record.image_path.with_name(name)) for key, name in files.items() if name}
    return {key: data for key, data in contents.items() if data}


def decode_more_pictures(record: Record, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return a record's further pictures: uint8 (H, W, 3) RGB or uint16 (H, W); unreadable ones are left out."""
    pictures = {}
    for key, data in read_more_pictures(record, more_picture_keys(inputs)).items():
        try:
            pictures[key] = decode_depth(data) if inputs[key] == DEPTH else decode_jpeg(data, jpeg_size(data))
        except ValueError:
            continue
    return pictures


def encode_more_pictures(extras: Mapping[str, Any], types: Mapping[str, str], quality: int) -> dict[str, bytes]:
    """Return the file contents of those extras that are declared as pictures.

    Args:
        extras: of a frame; pictures as arrays, or as the bytes of a JPEG or PNG file.
        types: declared extras and their tub types.
        quality: of JPEG, 1 … 100.

    Raises:
        CopycarError: one is no such picture.
    """
    files = {}
    for key in more_picture_keys(types):
        if extras.get(key) is None:
            continue
        if isinstance(extras[key], bytes):  # a file's content already
            files[key] = extras[key]
            continue
        picture = np.asarray(extras[key])
        try:
            files[key] = encode_depth(picture) if types[key] == DEPTH else encode_jpeg(picture, quality)
        except ValueError as error:
            raise CopycarError(f"{key} cannot be recorded", str(error)) from error
    return files
