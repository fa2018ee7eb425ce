"""Load the pictures of many records into memory, in threads, each decoded once. Knows nothing of what they are for."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import prod
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.tubs.decode import (
    Faults,
    bad_images,
    decode_chunk,
    good_places,
    in_chunks,
    no_pictures,
    read_chunk,
)
from copycar.tubs.encoded import load_encoded
from copycar.tubs.jpeg import jpeg_size
from copycar.tubs.memory import available_bytes
from copycar.tubs.parallel import usable_cores
from copycar.tubs.read import read_picture
from copycar.tubs.record import Record
from copycar.tubs.records import Records, as_records
from copycar.tubs.store import DecodedImages, Images, ImageStore
from copycar.tubs.user_cache import user_cache

SIZE_SAMPLE = 15  # pictures looked at to learn the size
PACKS = "pictures"
MOST_DECODED_BYTES = 2**30  # 18,000 frames of 160x120; a longer recording must leave room for the training itself


def load_images(
    records: Sequence[Record],
    *,
    threads: int | None = None,
    into: Images | None = None,
    memory_budget_bytes: int | None = None,
    cache: Path | None = None,
    on_progress: OnProgress | None = None,
) -> ImageStore:
    """Read and decode the pictures of `records`, which may come from several tubs.

    A bad picture costs nothing but itself: it is named in `store.bad` and its record is missing in `store.records`.

    Args:
        records: what to load.
        threads: how many decode at once; default: one per usable core.
        into: uint8 (len(records), H, W, 3) to decode into, e.g. a memory map; the budget then does not matter.
        memory_budget_bytes: decoded pictures beyond this stay JPEGs on disk and are decoded per request; default: half
            of the free memory, at most `MOST_DECODED_BYTES`.
        cache: where such JPEGs are packed; default: in the user's cache.
        on_progress: is told how far it is.

    Raises:
        CopycarError: not one picture can be used, or `into` does not fit.
    """
    columns = as_records(records)
    size = common_image_size(columns)
    threads = threads or usable_cores()
    budget = memory_budget_bytes
    if budget is None:
        budget = min(available_bytes() // 2, MOST_DECODED_BYTES)
    shape = (len(columns), *size, 3)
    if into is not None and into.shape != shape:
        raise CopycarError(f"an array of shape {into.shape} does not fit", f"the pictures need {shape}")
    if into is None and prod(shape) > budget:
        return load_encoded(columns, size, threads, cache or user_cache() / PACKS, on_progress)
    images = np.empty(shape, dtype=np.uint8) if into is None else into
    return _load_decoded(columns, images, threads, on_progress)


def common_image_size(records: Sequence[Record]) -> tuple[int, int]:
    """Return (height, width) that most pictures have, by a sample spread over the recording.

    Raises:
        CopycarError: there are no records, or not one picture can be read.
    """
    columns = as_records(records)
    step = max(1, len(columns) // SIZE_SAMPLE)
    sizes = Counter(size for path in columns[::step].picture_paths() if (size := picture_size(path)))
    if not sizes:  # the whole sample is bad: take the first that is not
        sizes = Counter([next((size for path in columns.picture_paths() if (size := picture_size(path))), (0, 0))])
    size = sizes.most_common(1)[0][0]
    if size == (0, 0):
        raise no_pictures(columns)
    return size


def picture_size(path: str | Path) -> tuple[int, int] | None:
    """Return (height, width) in pixels by the file's header; None where it is no JPEG or cannot be read."""
    try:
        return jpeg_size(read_picture(path))
    except ValueError:
        return None


def _load_decoded(records: Records, images: Images, threads: int, on_progress: OnProgress | None) -> DecodedImages:
    def decode(places: range) -> Faults:
        return decode_chunk(read_chunk(records, places), places, images[places.start : places.stop])

    with ThreadPoolExecutor(threads) as pool:
        faults = in_chunks(pool, decode, len(records), on_progress)
    good = good_places(records, faults)
    if faults:
        for row, place in enumerate(good.tolist()):  # close the holes in place: a second array may not fit
            if row != place:
                images[row] = images[place]
    return DecodedImages(images[: len(good)], records.take(good), bad_images(records, faults))
