"""What writers of foreign formats share: the pictures of a tub, one after the other. Knows no particular format."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.pictures import to_png
from copycar.tubs.formats.threads import in_threads
from copycar.tubs.load import read_picture
from copycar.tubs.record import Record


class Picture(NamedTuple):
    """A record and its picture as a PNG file."""

    record: Record
    png: bytes


def as_png(records: Sequence[Record], notes: Notes, advance: Callable[[], None]) -> Iterator[Picture]:
    """Yield the records whose picture can be used, with its PNG, in order; the others are told in `notes`."""
    for record, png in in_threads(_picture, records):
        advance()
        if isinstance(png, str):
            notes.drop(f"with an unusable picture ({png})", f"frame {record.index}")
        else:
            yield Picture(record, png)


def _picture(record: Record) -> tuple[Record, bytes | str]:
    try:
        return record, to_png(read_picture(record.image_path))
    except ValueError as error:
        return record, str(error)
