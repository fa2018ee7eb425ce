"""One look at every picture of a tub, in threads; what it shows is kept as a few numbers per frame.

Knows nothing of what is good or bad: the checks judge. A frame costs about 1 ms and 60 bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.tubs.doctor.look import Floats, Hashes, coloured_and_blue, grey, hashes
from copycar.tubs.doctor.motion import STRIPS, Lag, find_lag, sideways_px
from copycar.tubs.episodes import step_seconds
from copycar.tubs.jpeg import decode_jpeg_into, jpeg_size, what_is_wrong
from copycar.tubs.load import common_image_size
from copycar.tubs.parallel import usable_cores
from copycar.tubs.read import read_picture
from copycar.tubs.record import Record
from copycar.tubs.store import BadImage, Images
from copycar.tubs.tub import Tub

CHUNK = 64  # pictures per task
MOTION_CHUNKS = 160  # of which motion is measured at most: 10,000 pictures tell the lag of a million
USUAL_RATE_HZ = 20.0  # donkeycar's default, where the recording tells no sensible time
SENSIBLE_HZ = (2.0, 120.0)


@dataclass(frozen=True)
class Evidence:
    """What was seen in a tub; every array has a row per entry of `records`.

    Attributes:
        tub: the recording.
        records: those with a usable picture.
        unreadable: pictures that cannot be decoded.
        odd_size: pictures of another size than the others.
        brightness, contrast: float32 (N,) mean and standard deviation of the grey picture, 0 … 255.
        colours: float32 (N, 2), see `coloured_and_blue`.
        hashes, mirrored: uint64 (N, 2) perceptual hashes of the picture and of its mirror image.
        contents: uint64 (N,) hash of the picture file.
        motion_px: (N, 3) sideways motion to the next picture, NaN where none follows or none was measured.
        earlier: the tubs looked at before this one in the same examination.
    """

    tub: Tub
    records: list[Record]
    unreadable: list[BadImage]
    odd_size: list[BadImage]
    brightness: Floats
    contrast: Floats
    colours: Floats
    hashes: Hashes
    mirrored: Hashes
    contents: NDArray[np.uint64]
    motion_px: NDArray[np.float64]
    earlier: Sequence["Evidence"] = ()

    @cached_property
    def steering(self) -> NDArray[np.float64]:
        """(N,) -1 … 1, positive right."""
        return np.array([record.action.steering for record in self.records], dtype=np.float64)

    @cached_property
    def throttle(self) -> NDArray[np.float64]:
        """(N,) -1 … 1."""
        return np.array([record.action.throttle for record in self.records], dtype=np.float64)

    @cached_property
    def indexes(self) -> NDArray[np.int64]:
        """(N,) frame numbers."""
        return np.array([record.index for record in self.records], dtype=np.int64)

    @cached_property
    def stretches(self) -> NDArray[np.int64]:
        """(N,) the number of the uninterrupted stretch that each frame belongs to."""
        starts = {self.tub.records[place].index for place in self.tub.gaps}
        indexes = self.indexes
        is_start = np.isin(indexes, list(starts))
        is_start[1:] |= np.diff(indexes) != 1
        return np.cumsum(is_start)

    @cached_property
    def step_s(self) -> float:
        """Median seconds between frames; NaN where the recording tells no time."""
        steps = step_seconds(self.records)
        inside = steps[(np.diff(self.stretches) == 0) & np.isfinite(steps)] if len(steps) else steps
        return float(np.median(inside)) if len(inside) else float("nan")

    @cached_property
    def lag(self) -> Lag | None:
        """How the picture's motion follows the steering; None where there is too little of either.

        The scene turns with what the car did, which is not the label where noise was injected on purpose.
        """
        executed = np.array([record.executed.steering for record in self.records], dtype=np.float64)
        return find_lag(executed, self.motion_px, self.stretches)

    @property
    def rate_hz(self) -> float:
        """Frames per second; 20 where the recording's clock tells nothing sensible."""
        rate = 1 / self.step_s if self.step_s > 0 else 0.0
        return rate if SENSIBLE_HZ[0] <= rate <= SENSIBLE_HZ[1] else USUAL_RATE_HZ

    def numbers(self, is_bad: NDArray[np.bool_]) -> list[int]:
        """Return the frame numbers where the mask is true."""
        return [int(index) for index in self.indexes[is_bad]]


def collect(tub: Tub, *, earlier: Sequence[Evidence] = (), on_progress: OnProgress | None = None) -> Evidence:
    """Look at every live frame of a tub; nothing is written."""
    try:
        size = common_image_size(tub.records)
    except CopycarError:  # not one picture can be read
        bad = [BadImage(record, what_is_wrong(read_picture(record.image_path))) for record in tub.records]
        return _evidence(tub, [], bad, earlier)
    n_chunks = -(-len(tub.records) // CHUNK)
    stride = -(-n_chunks // MOTION_CHUNKS)

    def look(chunk: int) -> dict[str, Any]:
        return _look(tub.records, chunk * CHUNK, size, wants_motion=chunk % stride == 0)

    found: list[dict[str, Any]] = []
    with ThreadPoolExecutor(usable_cores()) as pool:
        for seen in _in_order(pool, look, n_chunks):
            found.append(seen)
            if on_progress:
                on_progress(min(len(found) * CHUNK, len(tub.records)), len(tub.records))
    bad = [image for seen in found for image in seen["bad"]]
    return _evidence(tub, [seen for seen in found if seen["records"]], bad, earlier)


def _in_order(
    pool: ThreadPoolExecutor, look: Callable[[int], dict[str, Any]], n_chunks: int
) -> Iterator[dict[str, Any]]:
    ahead = 256  # chunks handed out at once, so that a million frames do not queue up
    for start in range(0, n_chunks, ahead):
        yield from pool.map(look, range(start, min(start + ahead, n_chunks)))


def _look(records: Sequence[Record], start: int, size: tuple[int, int], *, wants_motion: bool) -> dict[str, Any]:
    here = records[start : start + CHUNK]
    files = [read_picture(record.image_path) for record in here]
    images: Images = np.empty((len(here), *size, 3), dtype=np.uint8)
    bad = [_bad(record, data, image) for record, data, image in zip(here, files, images, strict=True)]
    good = [place for place, fault in enumerate(bad) if fault is None]
    images = images[good]
    return {
        "records": [here[place] for place in good],
        "bad": [fault for fault in bad if fault],
        "contents": np.array([_digest(files[place]) for place in good], dtype=np.uint64),
        **(_features(images, _next(records, start + CHUNK, size), wants_motion) if good else {}),
    }


def _features(images: Images, following: Images | None, wants_motion: bool) -> dict[str, Any]:
    brightness = grey(images)
    motion = np.full((len(images), len(STRIPS)), np.nan)
    if wants_motion:
        frames = brightness if following is None else np.concatenate([brightness, grey(following)])
        moved = sideways_px(frames)
        motion[: len(moved)] = moved
    return {
        "hashes": hashes(brightness),
        "mirrored": hashes(brightness[:, :, ::-1]),
        "brightness": brightness.mean(axis=(1, 2)),
        "contrast": brightness.std(axis=(1, 2)),
        "colours": coloured_and_blue(images),
        "motion_px": motion,
    }


def _bad(record: Record, data: bytes, image: Images) -> BadImage | None:
    try:
        decode_jpeg_into(data, image)
    except ValueError as error:
        return BadImage(record, what_is_wrong(data, (image.shape[0], image.shape[1])) or str(error))
    return None


def _next(records: Sequence[Record], place: int, size: tuple[int, int]) -> Images | None:
    """Return the first picture of the next chunk, (1, H, W, 3): motion goes on across the border."""
    image: Images = np.empty((1, *size, 3), dtype=np.uint8)
    if place >= len(records) or _bad(records[place], read_picture(records[place].image_path), image[0]):
        return None
    return image


def _digest(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def _evidence(
    tub: Tub, found: Sequence[dict[str, Any]], bad: Sequence[BadImage], earlier: Sequence[Evidence]
) -> Evidence:
    def column(name: str, shape: tuple[int, ...], kind: type[Any]) -> NDArray[Any]:
        parts = [seen[name] for seen in found]
        return np.concatenate(parts).astype(kind, copy=False) if parts else np.empty((0, *shape), dtype=kind)

    records = [record for seen in found for record in seen["records"]]
    evidence = Evidence(
        tub=tub,
        records=records,
        unreadable=[image for image in bad if not _is_whole(image)],
        odd_size=[image for image in bad if _is_whole(image)],
        brightness=column("brightness", (), np.float32),
        contrast=column("contrast", (), np.float32),
        colours=column("colours", (2,), np.float32),
        hashes=column("hashes", (2,), np.uint64),
        mirrored=column("mirrored", (2,), np.uint64),
        contents=column("contents", (), np.uint64),
        motion_px=column("motion_px", (len(STRIPS),), np.float64),
        earlier=earlier,
    )
    if records:  # what follows a frame after a gap or a bad picture is not its next picture
        is_last = np.append(np.diff(evidence.stretches) != 0, True)
        evidence.motion_px[is_last] = np.nan
    return evidence


def _is_whole(image: BadImage) -> bool:
    """Whether a picture that cannot be used could be, were it not for its size."""
    data = read_picture(image.record.image_path)
    try:
        return not what_is_wrong(data, jpeg_size(data))
    except ValueError:
        return False
