"""What writers of foreign formats share: the pictures of a tub, one after the other. Knows no particular format."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.pictures import to_png
from copycar.tubs.formats.threads import in_threads
from copycar.tubs.read import read_picture
from copycar.tubs.record import MODE, Record
from copycar.tubs.tub import Tub


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


def tell_left_out(tub: Tub, notes: Notes, kept: Collection[str]) -> None:
    """Say which record keys a format cannot hold.

    Args:
        tub: what is written.
        notes: is told.
        kept: keys that the format holds.
    """
    left_out = sorted({key for record in tub.records for key in record.values} - {MODE, *kept})
    if left_out:
        notes.say(f"this format cannot hold {', '.join(left_out)}, nor the measured times: left out")


def _picture(record: Record) -> tuple[Record, bytes | str]:
    try:
        return record, to_png(read_picture(record.image_path))
    except ValueError as error:
        return record, str(error)
