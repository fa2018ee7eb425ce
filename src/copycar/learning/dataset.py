"""The frames and labels of some tubs, split for training and held out. Knows nothing of networks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.vehicle import Vehicle
from copycar.tubs.load import ImageStore, load_images
from copycar.tubs.tub import open_tubs

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
        image_size: (height, width) px.
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
    image_size: tuple[int, int]
    vehicle: Vehicle | None
    fingerprint: str
    split: str
    notes: tuple[str, ...]

    @property
    def train_mean(self) -> Floats:
        """The mean training label, float32 (2,)."""
        return self.labels[self.train].mean(axis=0)


def load_driving_data(
    paths: Sequence[str | Path],
    *,
    seed: int,
    validation_share: float,
    on_progress: Callable[[int, int], None] | None = None,
) -> DrivingData:
    """Open tubs, decode every frame once and hold some out.

    Args:
        paths: tub folders or glob patterns.
        seed: chooses the held-out episodes or blocks.
        validation_share: about which share is held out, 0 … 1.
        on_progress: called with (frames decoded, frames in all).

    Raises:
        CopycarError: no tub, no usable frame, or frames of several sizes.
    """
    tubs = open_tubs(paths)
    records = [record for tub in tubs for record in tub.records]
    images = load_images(records, on_progress=on_progress)
    lost = {record.index: reason for record, reason in images.bad}
    del lost
    raise NotImplementedError
