"""Many JPEG pictures in one file, which is mapped into memory instead of being read. Knows nothing of records.

A pack is a folder: `pictures.bin` is JPEG after JPEG, `index.npy` says where each one lies. The index is replaced last
and in one step, so whatever a killed writer leaves behind it is cut off by the next one. A picture goes by a key of 16
bytes that its owner chooses; one that has changed has another key.
"""

import io
import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copycar.core.files import write_atomic

PICTURES, INDEX = "pictures.bin", "index.npy"
ENTRY = np.dtype([("key", "S16"), ("start", "<u8"), ("length", "<u4"), ("height", "<u2"), ("width", "<u2")])

Entries = NDArray[np.void]
"""(N,) of `ENTRY`."""


class Picture(NamedTuple):
    """One picture to keep: its key, its JPEG, and (height, width) in pixels."""

    key: bytes
    jpeg: bytes
    size: tuple[int, int]


def read_index(folder: Path) -> Entries:
    """Return what the pack holds; nothing where it is missing or damaged."""
    try:
        entries = np.load(folder / INDEX, allow_pickle=False)
        n_bytes = (folder / PICTURES).stat().st_size
    except (OSError, ValueError, EOFError):
        return np.empty(0, dtype=ENTRY)
    is_whole = entries.dtype == ENTRY and entries.ndim == 1 and _end(entries) <= n_bytes
    return entries if is_whole else np.empty(0, dtype=ENTRY)


def find(entries: Entries, keys: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Return (N,) the place in `entries` of each key, -1 where the pack lacks it."""
    if not len(entries):
        return np.full(len(keys), -1)
    order = np.argsort(entries["key"])
    known = entries["key"][order]
    nearest = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[nearest] == keys, order[nearest], -1)


def append(folder: Path, entries: Entries, pictures: Iterable[Picture]) -> Entries:
    """Add pictures to those that `entries` lists, and return the list of all; nothing else stays in the pack.

    Raises:
        OSError: disk full or not writable; what the pack held before is untouched.
    """
    start = _end(entries)
    added: list[tuple[bytes, int, int, int, int]] = []
    with (folder / PICTURES).open("ab") as file:
        file.truncate(start)
        for key, jpeg, (height, width) in pictures:
            file.write(jpeg)
            added.append((key, start, len(jpeg), height, width))
            start += len(jpeg)
        file.flush()
        os.fsync(file.fileno())
    together = np.concatenate([entries, np.array(added, dtype=ENTRY)])
    content = io.BytesIO()
    np.save(content, together)
    write_atomic(folder / INDEX, content.getvalue())
    return together


def open_pictures(folder: Path) -> memoryview:
    """Map all pictures of a pack into memory: only what is looked at is read.

    Raises:
        OSError: it cannot be opened.
    """
    with (folder / PICTURES).open("rb") as file:
        if not os.fstat(file.fileno()).st_size:  # nothing cannot be mapped
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _end(entries: Entries) -> int:
    return int((entries["start"] + entries["length"]).max()) if len(entries) else 0
