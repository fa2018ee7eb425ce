"""Load the pictures of many records into memory, in threads, each decoded once. Knows nothing of what they are for."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.tubs.jpeg import decode_jpeg_into, jpeg_size, what_is_wrong
from copycar.tubs.memory import available_bytes
from copycar.tubs.record import Record
from copycar.tubs.store import BadImage, DecodedImages, EncodedImages, Images, ImageStore

CHUNK = 64  # pictures per task: some 5 ms of work, so that handing tasks out costs nothing
SIZE_SAMPLE = 15  # pictures looked at to learn the size

OnProgress = Callable[[int, int], None]
"""Is told (pictures done, pictures in all) from time to time, in the calling thread."""


def load_images(
    records: Sequence[Record],
    *,
    threads: int | None = None,
    into: Images | None = None,
    memory_budget_bytes: int | None = None,
    on_progress: OnProgress | None = None,
) -> ImageStore:
    """Read and decode the pictures of `records`, which may come from several tubs.

    A bad picture costs nothing but itself: it is named in `store.bad` and its record is missing in `store.records`.

    Args:
        records: what to load.
        threads: how many decode at once; default: one per usable core.
        into: uint8 (len(records), H, W, 3) to decode into, e.g. a memory map; the budget then does not matter.
        memory_budget_bytes: decoded pictures beyond this stay JPEG bytes and are decoded per request; default: half of
            the free memory.
        on_progress: is told how far it is.

    Raises:
        CopycarError: not one picture can be used, or `into` does not fit.
    """
    size = common_image_size(records)
    threads = threads or usable_cores()
    budget = available_bytes() // 2 if memory_budget_bytes is None else memory_budget_bytes
    n_bytes = len(records) * size[0] * size[1] * 3
    if into is None and n_bytes > budget:
        return _load_encoded(records, size, threads, on_progress)
    shape = (len(records), *size, 3)
    images = np.empty(shape, dtype=np.uint8) if into is None else into
    if images.shape != shape:
        raise CopycarError(f"an array of shape {images.shape} does not fit", f"the pictures need {shape}")
    return _load_decoded(records, images, threads, on_progress)


def common_image_size(records: Sequence[Record]) -> tuple[int, int]:
    """Return (height, width) that most pictures have, by a sample spread over the recording.

    Raises:
        CopycarError: there are no records, or not one picture can be read.
    """
    step = max(1, len(records) // SIZE_SAMPLE)
    sizes = Counter(size for record in records[::step] if (size := picture_size(record.image_path)))
    if not sizes:  # the whole sample is bad: take the first that is not
        sizes = Counter([next((size for record in records if (size := picture_size(record.image_path))), (0, 0))])
    size = sizes.most_common(1)[0][0]
    if size == (0, 0):
        raise _no_pictures(records)
    return size


def read_picture(path: Path) -> bytes:
    """Return a picture file's bytes; none where it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  half the time of Path.read_bytes
            return file.read()
    except OSError:
        return b""


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load_decoded(
    records: Sequence[Record], images: Images, threads: int, on_progress: OnProgress | None
) -> DecodedImages:
    def decode(places: range) -> list[BadImage]:
        return [bad for place in places if (bad := _decode(records[place], images[place]))]

    with ThreadPoolExecutor(threads) as pool:
        bad = _in_order(records, _gather(pool, decode, len(records), on_progress))
    good = _good_places(records, bad)
    if bad:
        for row, place in enumerate(good):  # close the holes in place: a second array may not fit
            if row != place:
                images[row] = images[place]
    return DecodedImages(images[: len(good)], [records[place] for place in good], bad)


def _load_encoded(
    records: Sequence[Record], size: tuple[int, int], threads: int, on_progress: OnProgress | None
) -> EncodedImages:
    jpegs = [b""] * len(records)

    def read(places: range) -> list[BadImage]:
        scratch = np.empty((*size, 3), dtype=np.uint8)
        for place in places:
            jpegs[place] = read_picture(records[place].image_path)
        return [bad for place in places if (bad := _decode_bytes(records[place], jpegs[place], scratch))]

    pool = ThreadPoolExecutor(threads)  # lives as long as the store, which decodes with it
    bad = _in_order(records, _gather(pool, read, len(records), on_progress))
    good = _good_places(records, bad)
    return EncodedImages([jpegs[place] for place in good], size, [records[place] for place in good], bad, pool)


def _gather(
    pool: ThreadPoolExecutor,
    work: Callable[[range], list[BadImage]],
    n: int,
    on_progress: OnProgress | None,
) -> Iterable[BadImage]:
    tasks: dict[Future[list[BadImage]], int] = {}
    for start in range(0, n, CHUNK):
        places = range(start, min(start + CHUNK, n))
        tasks[pool.submit(work, places)] = len(places)
    done, bad = 0, []
    try:
        for task in as_completed(tasks):
            bad += task.result()
            done += tasks[task]
            if on_progress:
                on_progress(done, n)
    finally:
        for task in tasks:
            task.cancel()
    return bad


def _decode(record: Record, image: Images) -> BadImage | None:
    return _decode_bytes(record, read_picture(record.image_path), image)


def _decode_bytes(record: Record, data: bytes, image: Images) -> BadImage | None:
    try:
        decode_jpeg_into(data, image)
    except ValueError as error:
        return BadImage(record, what_is_wrong(data, (image.shape[0], image.shape[1])) or str(error))
    return None


def picture_size(path: Path) -> tuple[int, int] | None:
    """Return (height, width) in pixels by the file's header; None where it is no JPEG or cannot be read."""
    try:
        return jpeg_size(read_picture(path))
    except ValueError:
        return None


def _in_order(records: Sequence[Record], bad: Iterable[BadImage]) -> list[BadImage]:
    place = {id(record): place for place, record in enumerate(records)}
    found = sorted(bad, key=lambda image: place[id(image.record)])
    if records and len(found) == len(records):
        raise _no_pictures(records)
    return found


def _good_places(records: Sequence[Record], bad: list[BadImage]) -> list[int]:
    left_out = {id(image.record) for image in bad}
    return [place for place, record in enumerate(records) if id(record) not in left_out]


def _no_pictures(records: Sequence[Record]) -> CopycarError:
    if not records:
        return CopycarError("there are no frames to load", "all of them are deleted", "restore some first")
    path = records[0].image_path
    return CopycarError(
        f"not one of {len(records)} pictures can be read", f"{path}: {what_is_wrong(read_picture(path))}"
    )
