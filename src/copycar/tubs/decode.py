"""Read and decode the pictures of records chunk by chunk, in threads. Knows nothing of where they go.

A picture that cannot be used is a fault: the place of its record and what is wrong with it, in plain words.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.tubs.jpeg import decode_jpeg_into, what_is_wrong
from copycar.tubs.read import read_picture, read_pictures
from copycar.tubs.records import Records
from copycar.tubs.store import BadImage, Images

CHUNK = 64  # pictures per task: some 4 ms of work, so that handing tasks out costs nothing

Faults = dict[int, str]
"""Place of a record -> what is wrong with its picture, in ascending order."""


def read_chunk(records: Records, places: range) -> list[bytes]:
    """Return the picture files of the records at these neighbouring places; empty where one cannot be read."""
    return read_pictures(list(records[places.start : places.stop].picture_paths()))


def decode_chunk(jpegs: Sequence[bytes], places: range, images: Images) -> Faults:
    """Decode each picture into its row of `images`, uint8 (len(places), H, W, 3); return those that are bad."""
    faults: Faults = {}
    for place, data, image in zip(places, jpegs, images, strict=True):
        try:
            decode_jpeg_into(data, image)
        except ValueError as error:
            faults[place] = what_is_wrong(data, (image.shape[0], image.shape[1])) or str(error)
    return faults


def in_chunks(pool: Executor, work: Callable[[range], Faults], n: int, on_progress: OnProgress | None) -> Faults:
    """Let the pool do the work for `n` places and return all faults."""
    tasks: dict[Future[Faults], int] = {}
    for places in chunks(n):
        tasks[pool.submit(work, places)] = len(places)
    done = 0
    faults: Faults = {}
    try:
        for task in as_completed(tasks):
            faults |= task.result()
            done += tasks[task]
            if on_progress:
                on_progress(done, n)
    finally:
        for task in tasks:
            task.cancel()
    return dict(sorted(faults.items()))


def chunks(n: int) -> list[range]:
    """Return `n` places in ranges of at most `CHUNK`."""
    return [range(start, min(start + CHUNK, n)) for start in range(0, n, CHUNK)]


def good_places(records: Records, faults: Faults) -> NDArray[np.int64]:
    """Return the places without a fault.

    Raises:
        CopycarError: there are none.
    """
    is_good = np.ones(len(records), dtype=np.bool_)
    is_good[list(faults)] = False
    if not is_good.any():
        raise no_pictures(records)
    return np.flatnonzero(is_good)


def bad_images(records: Records, faults: Faults) -> list[BadImage]:
    """Return the faults with their records."""
    return [BadImage(records[place], reason) for place, reason in faults.items()]


def no_pictures(records: Records) -> CopycarError:
    """Return the error for records none of which has a usable picture."""
    path = next(records.picture_paths(), None)
    if path is None:
        return CopycarError("there are no frames to load", "all of them are deleted", "restore some first")
    return CopycarError(
        f"not one of {len(records)} pictures can be read", f"{path}: {what_is_wrong(read_picture(path))}"
    )
