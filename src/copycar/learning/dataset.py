"""The frames and labels of some tubs, split for training and held out. Knows nothing of networks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.core.vehicle import VEHICLE_KEY, Vehicle
from copycar.learning.columns import Category, Column, Reads, Values, complete
from copycar.tubs.episodes import find_gaps
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.load import load_images
from copycar.tubs.record import Record
from copycar.tubs.records import joined
from copycar.tubs.select import select
from copycar.tubs.split import split_records
from copycar.tubs.store import ImageStore
from copycar.tubs.tub import Tub, open_tubs

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
NOTHING_MORE = Reads()


@dataclass(frozen=True)
class DrivingData:
    """Everything that a driving policy learns from.

    Attributes:
        images: the raw frames, `images[rows]` gives uint8 (B, H, W, 3).
        labels: float32 (N, 2) steering and throttle.
        previous: float32 (N, 2) label one frame earlier, NaN where an episode begins.
        train, validation: int64 positions in `labels`; each has as many uninterrupted frames of its own side before it
            as `reads` asks for.
        vehicle: the car that recorded, where the tub says so.
        fingerprint: content hash of the tubs.
        split: how frames were held out, in words.
        notes: what was repaired or left out on the way, in words.
        reads: what the network reads besides, with names, means and deviations filled in.
        columns: its values, (N, k) or (N,), by name.
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
    reads: Reads = NOTHING_MORE
    columns: Mapping[str, Values] = field(default_factory=dict)

    @property
    def image_size(self) -> tuple[int, int]:
        """(height, width) px of the raw frames."""
        return self.images.image_size

    @property
    def train_mean(self) -> Floats:
        """The mean training label, float32 (2,)."""
        mean: Floats = self.labels[self.train].mean(axis=0)
        return mean


def load_driving_data(  # noqa: PLR0913 - each of them chooses frames
    paths: Sequence[str | Path],
    *,
    seed: int,
    validation_share: float,
    reads: Reads = NOTHING_MORE,
    where: str | None = None,
    every: int = 1,
    shift: int = 0,
    held_out: Literal["even", "growing"] = "even",
    on_progress: OnProgress | None = None,
) -> DrivingData:
    """Open tubs, decode every frame once and hold some out.

    Args:
        paths: tub folders or glob patterns.
        seed: chooses the held-out episodes or blocks.
        validation_share: about which share is held out, 0 … 1.
        reads: what the network reads of the frames besides picture and action.
        where: learn from frames that fulfil this expression only (`copycar.tubs.where`).
        every: learn from every n-th frame only.
        shift: give every picture the label of so many frames later; mends a lag between camera and steering.
        held_out: how frames are held out: evenly, or so that none changes sides when the tubs grow.
        on_progress: called with (frames decoded, frames in all).

    Raises:
        CopycarError: no tub, no usable frame, frames of several sizes, a bad expression, a column that no frame has,
            or no stretch that is long enough for the sequences wanted.
    """
    tubs = open_tubs(paths)
    recorded = joined(tub.records for tub in tubs)
    chosen = select(recorded, expression=where, every_n=every, shift_frames=shift)
    records, left_out = complete(chosen, reads.columns)
    images = load_images(records, on_progress=on_progress)
    is_growing = held_out == "growing"
    split = split_records(images.records, fraction=validation_share, seed=seed, is_growing=is_growing)
    labels = images.records.actions.clip(-1, 1).astype(np.float32)
    gaps = find_gaps(images.records, stride=every)
    train, validation = (_with_history(rows, gaps, reads.n_before) for rows in (split.train, split.validation))
    columns, values = _read_columns(images.records, reads.columns, train)
    bad = (f"left out {bad.record.image_path.name}: {bad.reason}" for bad in images.bad)
    return DrivingData(
        images,
        labels,
        _previous(labels, gaps),
        train,
        validation,
        _vehicle(tubs),
        fingerprint(tubs),
        split.description,
        (*_repairs(tubs), *left_out, *images.notes, *bad),
        reads.with_columns(columns),
        values,
    )


def _with_history(rows: Indices, gaps: Sequence[int], n_before: int) -> Indices:
    """Return those of `rows`, ascending, whose `n_before` predecessors are rows as well, without a gap between."""
    if not n_before:
        return rows
    is_start = np.ones(len(rows), dtype=bool)
    is_start[1:] = (np.diff(rows) != 1) | np.isin(rows[1:], np.asarray(gaps, dtype=np.int64))
    places = np.arange(len(rows))
    in_stretch = places - np.maximum.accumulate(np.where(is_start, places, 0))
    kept: Indices = rows[in_stretch >= n_before]
    if not len(kept):
        raise CopycarError(
            f"no stretch of {n_before + 1} uninterrupted frames",
            "deleted frames, pauses and short episodes interrupt the recording",
            "record longer drives, or shorten the network's sequence",
        )
    return kept


def _read_columns(
    records: Sequence[Record], columns: Mapping[str, Column], train: Indices
) -> tuple[dict[str, Column], dict[str, Values]]:
    described: dict[str, Column] = {}
    values: dict[str, Values] = {}
    for name, column in columns.items():
        if isinstance(column, Category):
            described[name] = known = column.named(records)
            values[name] = known.read(records)
        else:
            numbers = column.read(records)
            described[name], values[name] = column.described(numbers[train]), numbers
    return described, values


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


def _repairs(tubs: Sequence[Tub]) -> list[str]:
    return [f"{tub.path}: {repair}" for tub in tubs for repair in tub.repairs]
