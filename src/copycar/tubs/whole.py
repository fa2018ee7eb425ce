"""Every frame of a tub, the deleted ones too: what somebody looks through who may bring them back. Edits nothing."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from copycar.tubs.catalog import CATALOG_NAME
from copycar.tubs.contents import Contents
from copycar.tubs.judge import Judge, list_pictures
from copycar.tubs.load import common_image_size
from copycar.tubs.records import Records, pack_blocks
from copycar.tubs.tub import open_contents

Stamp = tuple[tuple[str, int, int], ...]
"""Name, bytes and time of every catalog: what says whether frames were added."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A tub as it is on the disk.

    Attributes:
        records: the usable frames in order, deleted or not.
        deleted: numbers of those that are marked as deleted.
        image_size: (height, width) px that most pictures have.
        repairs: what is damaged and was mended on reading, in plain words.
        inputs: declared record keys and their tub types.
        stamp: of the catalogs that the records come from.
    """

    records: Records
    deleted: frozenset[int]
    image_size: tuple[int, int]
    repairs: list[str]
    inputs: dict[str, str]
    stamp: Stamp


def read_whole(folder: Path, known: Whole | None = None) -> Whole:
    """Read a tub.

    Args:
        folder: the tub.
        known: the same tub, read earlier: where no frame came since, only its deletions are read, in a seventh of
            the time.

    Raises:
        CopycarError: no such folder, not a tub, unreadable, or without any usable picture.
    """
    stamp = _stamp(folder)
    contents = open_contents(folder)
    if known and known.stamp == stamp:
        return replace(known, deleted=_deleted(contents, known.records))
    undeleted = replace(contents.manifest, deleted_indexes=frozenset())
    judge = Judge(replace(contents, manifest=undeleted), list_pictures(folder).get)
    records, manifest = pack_blocks(judge.blocks()), contents.manifest
    return Whole(
        records,
        _deleted(contents, records),
        common_image_size(records),
        [*contents.repairs, *judge.repairs()],
        dict(zip(manifest.inputs, manifest.types, strict=True)),
        stamp,
    )


def _deleted(contents: Contents, records: Records) -> frozenset[int]:
    positions = np.array(sorted(contents.manifest.deleted_indexes), dtype=np.int64)
    numbers = contents.frame_numbers()
    marked = numbers[positions[positions < len(numbers)]]
    return frozenset(marked.tolist()) & frozenset(records.numbers.tolist())


def _stamp(folder: Path) -> Stamp:
    catalogs = (path for path in sorted(folder.glob("*.catalog")) if CATALOG_NAME.fullmatch(path.name))
    return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in catalogs)
