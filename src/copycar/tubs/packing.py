"""Keep the pictures of one recording in a pack, whatever is deleted, restored or selected later.

Each picture goes by its name, its size in bytes and the time of its last change. Bad ones are not kept, and looked at
again each time.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.tubs.decode import Faults, chunks, read_chunk
from copycar.tubs.jpeg import jpeg_size, what_is_wrong
from copycar.tubs.lock import FolderLock
from copycar.tubs.pack import ENTRY, Entries, Picture, append, find, read_index
from copycar.tubs.parallel import map_in_order
from copycar.tubs.records import Records
from copycar.tubs.user_cache import NoRoomError, claim

Keys = NDArray[np.bytes_]
"""S16 (N,), one per picture; empty where there is none."""

Advance = Callable[[int], None]
"""Is told how many more pictures are done."""


def pack_folder(cache: Path, pictures: Path) -> Path:
    """Return where in `cache` the pack of a picture folder lies."""
    return cache / blake2b(str(pictures.resolve()).encode(), digest_size=8).hexdigest()


def packed(records: Records, pack: Path, threads: int, advance: Advance) -> tuple[Entries, Faults]:
    """Return where the pack has each picture, (N,), zeros for the bad ones; pictures that it lacks are packed first.

    Args:
        records: at least one, all of one picture folder.
        pack: its folder; made where it is missing, begun anew where it knows none of the pictures.
        threads: how many check pictures at once.
        advance: told how it goes.

    Raises:
        NoRoomError: they cannot be packed here and now.
    """
    keys, sizes = _keys_and_sizes(records)
    entries, faults = read_index(pack), Faults()
    found = find(entries, keys)
    missing = np.flatnonzero(found < 0)
    advance(len(records) - len(missing))
    if len(missing):
        claim(pack, records.folders[records.folder_of[0]], int(sizes[missing].sum()))
        with _only_writer(pack):
            before = entries[:0] if len(missing) == len(records) else entries
            added = _checked(records.take(missing), keys[missing], threads, advance, faults)
            entries = append(pack, before, added)
        found = find(entries, keys)
    with contextlib.suppress(OSError):
        os.utime(pack)  # used now
    where = np.zeros(len(records), dtype=ENTRY)
    where[found >= 0] = entries[found[found >= 0]]
    return where, {int(missing[place]): fault for place, fault in faults.items()}


def _checked(records: Records, keys: Keys, threads: int, advance: Advance, faults: Faults) -> Iterator[Picture]:
    """Read and decode all pictures; yield the good ones in order and add the others to `faults`."""

    def check(places: range) -> list[tuple[int, bytes, str]]:
        jpegs = read_chunk(records, places)
        return [(place, jpeg, what_is_wrong(jpeg)) for place, jpeg in zip(places, jpegs, strict=True)]

    for checked in map_in_order(check, chunks(len(records)), threads):
        for place, jpeg, fault in checked:
            if fault:
                faults[place] = fault
            else:
                yield Picture(keys[place], jpeg, jpeg_size(jpeg))
        advance(len(checked))


@contextlib.contextmanager
def _only_writer(pack: Path) -> Iterator[None]:
    try:
        with FolderLock(pack):
            yield
    except (CopycarError, OSError) as error:  # another training packs the same recording; or the disk is full
        raise NoRoomError(f"they cannot be kept in {pack} ({error})") from error


def _keys_and_sizes(records: Records) -> tuple[Keys, NDArray[np.int64]]:
    keys, sizes = [], []
    for path in records.picture_paths():
        name = path.rpartition("/")[2]
        try:
            stat = os.stat(path)  # noqa: PTH116  half of Path.stat's time
        except OSError:
            keys.append(b"")
            sizes.append(0)
        else:
            about = f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}"
            keys.append(blake2b(about.encode(), digest_size=16).digest())
            sizes.append(stat.st_size)
    return np.array(keys, dtype="S16"), np.array(sizes, dtype=np.int64)
