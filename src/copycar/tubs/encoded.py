"""Load pictures that would not fit into memory decoded: as JPEGs, in packs on disk, or in memory where that fails."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.progress import OnProgress
from copycar.tubs.decode import Faults, bad_images, decode_chunk, good_places, in_chunks, read_chunk
from copycar.tubs.jpeg import odd_size
from copycar.tubs.pack import ENTRY, Entries, open_pictures
from copycar.tubs.packing import Advance, pack_folder, packed
from copycar.tubs.records import Records
from copycar.tubs.store import EncodedImages
from copycar.tubs.user_cache import NoRoomError


class PackedJpegs:
    """The JPEGs of several packs, in the order of the records.

    Args:
        packs: each as `open_pictures` gives it.
        pack_of: int64 (N,) which of them.
        entries: (N,) where in it.
    """

    def __init__(self, packs: Sequence[memoryview], pack_of: NDArray[np.int64], entries: Entries) -> None:
        self._packs, self._pack_of = packs, pack_of
        self._starts = entries["start"].astype(np.int64)
        self._stops = self._starts + entries["length"]

    @property
    def n_bytes(self) -> int:
        """Bytes of all JPEGs; they are the system's to keep in memory or on disk."""
        return int((self._stops - self._starts).sum())

    def __getitem__(self, row: int) -> memoryview:
        pack: memoryview = self._packs[self._pack_of[row]]
        return pack[int(self._starts[row]) : int(self._stops[row])]


class JpegsInMemory:
    """JPEGs as they were read."""

    def __init__(self, jpegs: list[bytes]) -> None:
        self._jpegs = jpegs

    @property
    def n_bytes(self) -> int:
        """Bytes of all JPEGs."""
        return sum(map(len, self._jpegs))

    def __getitem__(self, row: int) -> bytes:
        return self._jpegs[row]


def load_encoded(
    records: Records, size: tuple[int, int], threads: int, cache: Path, on_progress: OnProgress | None
) -> EncodedImages:
    """Return the pictures as JPEGs: from their packs in `cache`, or in memory with a note that says why.

    Args:
        records: what to load.
        size: (height, width) in pixels that most pictures have.
        threads: how many decode at once.
        cache: folder of packs.
        on_progress: as in `load_images`.

    Raises:
        CopycarError: not one picture can be used.
    """
    try:
        return _load_packed(records, size, threads, cache, on_progress)
    except NoRoomError as error:
        why = str(error)
    store = _load_in_memory(records, size, threads, on_progress)
    store.notes.append(f"{store.n_bytes / 1e6:.0f} MB of pictures stay in memory: {why}")
    return store


def _load_in_memory(
    records: Records, size: tuple[int, int], threads: int, on_progress: OnProgress | None
) -> EncodedImages:
    jpegs = [b""] * len(records)

    def read(places: range) -> Faults:
        data = read_chunk(records, places)
        jpegs[places.start : places.stop] = data
        return decode_chunk(data, places, np.empty((len(data), *size, 3), dtype=np.uint8))

    pool = ThreadPoolExecutor(threads)  # lives as long as the store, which decodes with it
    faults = in_chunks(pool, read, len(records), on_progress)
    good = good_places(records, faults)
    good_jpegs = JpegsInMemory([jpegs[place] for place in good.tolist()])
    return EncodedImages(good_jpegs, size, records.take(good), bad_images(records, faults), pool)


def _load_packed(
    records: Records, size: tuple[int, int], threads: int, cache: Path, on_progress: OnProgress | None
) -> EncodedImages:
    entries, faults = np.zeros(len(records), dtype=ENTRY), Faults()
    packs = []
    advance = _counter(len(records), on_progress)
    for number, folder in enumerate(records.folders):
        places = np.flatnonzero(records.folder_of == number)
        pack = pack_folder(cache, folder)
        if len(places):
            entries[places], bad = packed(records.take(places), pack, threads, advance)
            faults |= {int(places[place]): fault for place, fault in bad.items()}
        packs.append(open_pictures(pack))
    faults |= _odd_sizes(entries, size)
    good = good_places(records, faults)
    jpegs = PackedJpegs(packs, records.folder_of[good], entries[good])
    bad_ones = bad_images(records, dict(sorted(faults.items())))
    return EncodedImages(jpegs, size, records.take(good), bad_ones, ThreadPoolExecutor(threads))


def _odd_sizes(entries: Entries, size: tuple[int, int]) -> Faults:
    heights, widths = entries["height"], entries["width"]
    is_odd = (entries["length"] > 0) & ((heights != size[0]) | (widths != size[1]))
    odd = np.flatnonzero(is_odd).tolist()
    return {place: odd_size((int(heights[place]), int(widths[place])), size) for place in odd}


def _counter(n: int, on_progress: OnProgress | None) -> Advance:
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        if on_progress and more:
            on_progress(done, n)

    return advance
