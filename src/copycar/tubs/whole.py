"""Every frame of a tub, the deleted ones too: what somebody looks through who may bring them back. Edits nothing."""

from dataclasses import replace
from pathlib import Path

from copycar.tubs.judge import Judge, list_pictures
from copycar.tubs.records import Records, pack
from copycar.tubs.tub import open_contents


def every_record(folder: Path) -> Records:
    """Return the usable records in order, deleted or not.

    Raises:
        CopycarError: no such folder, not a tub, or unreadable.
    """
    contents = open_contents(folder)
    undeleted = replace(contents.manifest, deleted_indexes=frozenset())
    return pack(Judge(replace(contents, manifest=undeleted), list_pictures(folder).get).rows())
