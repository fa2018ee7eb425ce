"""Copy records with their pictures, byte for byte, into a new tub. Knows nothing of why these and no others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from copycar.core.progress import OnProgress
from copycar.tubs.more_pictures import more_picture_keys, read_more_pictures
from copycar.tubs.parallel import map_in_order
from copycar.tubs.read import read_picture
from copycar.tubs.record import Record
from copycar.tubs.work.new_tub import NewTub
from copycar.tubs.work.sessions import session_names


def copy_records(
    new: NewTub, records: Sequence[Record], inputs: Mapping[str, str], on_progress: OnProgress | None = None
) -> None:
    """Append all `records`, in order, with session names that keep every interruption visible.

    Args:
        new: where to.
        records: of one tub or several.
        inputs: the declared record keys and types of all of these tubs.
        on_progress: is told how far it is.

    Raises:
        OSError: disk full, or not writable.
    """
    keys = more_picture_keys(inputs)

    def read(record: Record) -> tuple[bytes, dict[str, bytes]]:
        return read_picture(record.image_path), read_more_pictures(record, keys)

    names, contents = session_names(records), map_in_order(read, records)
    for record, name, (jpeg, others) in zip(records, names, contents, strict=True):
        new.add(replace(record, session=name), jpeg, others)
        if on_progress:
            on_progress(len(new), len(records))
