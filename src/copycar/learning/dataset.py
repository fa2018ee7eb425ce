"""The frames and labels of some tubs, split for training and held out. Knows nothing of networks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.vehicle import VEHICLE_KEY, Vehicle
from copycar.tubs.episodes import find_gaps
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.load import load_images
from copycar.tubs.records import joined
from copycar.tubs.select import select
from copycar.tubs.split import split_records
from copycar.tubs.store import ImageStore
from copycar.tubs.tub import Tub, open_tubs

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class DrivingData:
    """Everything that a driving policy learns from.

    Attributes:
        images: the raw frames, `images[rows]` gives uint8 (B, H, W, 3).
        labels: float32 (N, 2) steering and throttle.
        previous: float32 (N, 2) label one frame earlier, NaN where an episode begins.
        train, validation: int64 positions in `labels`.
        vehicle: the car that recorded, where the tub says so.
        fingerprint: content hash of the tubs.
        split: how frames were held out, in words.
        notes: what was repaired or left out on the way, in words.
    """

    images: ImageStore
    labels: Floats
    previous: Floats
    train: Indices
    validation: Indices
    vehicle: Vehicle | None
    fingerprint: str
    split: str
    notes: tuple[str, ...]

    @property
    def image_size(self) -> tuple[int, int]:
        """(height, width) px of the raw frames."""
        return self.images.image_size

    @property
    def train_mean(self) -> Floats:
        """The mean training label, float32 (2,)."""
        mean: Floats = self.labels[self.train].mean(axis=0)
        return mean


def load_driving_data(
    paths: Sequence[str | Path],
    *,
    seed: int,
    validation_share: float,
    where: str | None = None,
    every: int = 1,
    shift: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> DrivingData:
    """Open tubs, decode every frame once and hold some out.

    Args:
        paths: tub folders or glob patterns.
        seed: chooses the held-out episodes or blocks.
        validation_share: about which share is held out, 0 … 1.
        where: learn from frames that fulfil this expression only (`copycar.tubs.where`).
        every: learn from every n-th frame only.
        shift: give every picture the label of so many frames later; mends a lag between camera and steering.
        on_progress: called with (frames decoded, frames in all).

    Raises:
        CopycarError: no tub, no usable frame, frames of several sizes, or a bad expression.
    """
    tubs = open_tubs(paths)
    records = select(joined(tub.records for tub in tubs), expression=where, every_n=every, shift_frames=shift)
    images = load_images(records, on_progress=on_progress)
    split = split_records(images.records, fraction=validation_share, seed=seed)
    labels = images.records.actions.clip(-1, 1).astype(np.float32)
    return DrivingData(
        images,
        labels,
        _previous(labels, find_gaps(images.records, stride=every)),
        split.train,
        split.validation,
        _vehicle(tubs),
        fingerprint(tubs),
        split.description,
        (
            *_repairs(tubs),
            *images.notes,
            *(f"left out {bad.record.image_path.name}: {bad.reason}" for bad in images.bad),
        ),
    )


def _previous(labels: Floats, gaps: Sequence[int]) -> Floats:
    previous = np.full_like(labels, np.nan)
    previous[1:] = labels[:-1]
    previous[list(gaps)] = np.nan
    return previous


def _vehicle(tubs: Sequence[Tub]) -> Vehicle | None:
    """Return the car of the tubs, where each names the same one: one camera geometry serves a whole training."""
    described = [tub.metadata.get(VEHICLE_KEY) for tub in tubs]
    if not described or not described[0] or any(other != described[0] for other in described):
        return None
    return Vehicle.from_json(described[0])


def _left_out(images: ImageStore) -> list[str]:
    return [f"left out {bad.record.image_path.name}: {bad.reason}" for bad in images.bad]


def _repairs(tubs: Sequence[Tub]) -> list[str]:
    return [f"{tub.path}: {repair}" for tub in tubs for repair in tub.repairs]
