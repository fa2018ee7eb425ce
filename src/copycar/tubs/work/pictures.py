"""The picture files of a record as they lie on disk: the camera's, and those of more cameras and of depth."""

from collections.abc import Mapping, Sequence

from copycar.tubs.load import read_picture
from copycar.tubs.record import IMAGE, Record, file_name

PICTURE_TYPES = ("image_array", "gray16_array")
"""Tub types whose records name a file in `images/`."""


def more_picture_keys(inputs: Mapping[str, str]) -> list[str]:
    """Return the declared record keys that name further pictures: other cameras, depth."""
    return [key for key, kind in inputs.items() if kind in PICTURE_TYPES and key != IMAGE]


def more_pictures(record: Record, keys: Sequence[str]) -> dict[str, bytes]:
    """Return the content of a record's further picture files; those that are missing or empty are left out."""
    files = {key: file_name(record.values.get(key)) for key in keys}
    contents = {key: read_picture(record.image_path.with_name(name)) for key, name in files.items() if name}
    return {key: data for key, data in contents.items() if data}
