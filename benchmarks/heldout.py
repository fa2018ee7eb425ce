"""One tub for both: blocks of it are held out, and neither side ever sees them. Knows no training.

The split is copycar's own (whole episodes or contiguous blocks, a second left out on both sides). Held-out frames are
marked as deleted in a copy of the tub, which donkeycar and copycar both honour; each side then makes its own
validation split inside the rest, as it always does, and chooses its best epoch by that.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copycar.tubs.load import load_images
from copycar.tubs.split import split_records
from copycar.tubs.tub import Tub

SPLIT_SEED = 0


@dataclass(frozen=True)
class HeldOut:
    """A tub to train on and the frames that nobody trains on.

    Attributes:
        tub: the copy; held-out frames are deleted in it.
        n_train: frames that are left in it.
        images: uint8 (N, H, W, 3) held-out frames.
        labels: float32 (N, 2) their steering and throttle.
        split: how they were chosen, in words.
    """

    tub: Path
    n_train: int
    images: Any
    labels: Any
    split: str


def hold_out(source: Path, folder: Path) -> HeldOut:
    """Copy a tub into `folder` and hold about a fifth of its frames out."""
    _copy(source, folder)
    tub = Tub.open(folder)
    records = tub.records
    split = split_records(records, seed=SPLIT_SEED)
    store = load_images([records[place] for place in split.validation])
    labels = np.array([record.action.clipped() for record in store.records], dtype=np.float32)
    training = {records[place].index for place in split.train}
    tub.delete(record.index for record in records if record.index not in training)
    return HeldOut(folder, len(tub), store[np.arange(len(labels))], labels, split.description)


def errors(predicted: Any, labels: Any) -> dict[str, dict[str, float]]:
    """Return mean absolute and mean squared error of steering and throttle, both (N, 2), clipped to what a car does."""
    difference = np.asarray(predicted, dtype=np.float64).clip(-1, 1) - labels
    return {
        axis: {"mae": float(np.abs(difference[:, i]).mean()), "mse": float(np.square(difference[:, i]).mean())}
        for i, axis in enumerate(("steering", "throttle"))
    }


def _copy(source: Path, folder: Path) -> None:
    (folder / "images").mkdir(parents=True)
    for path in [*source.glob("[!.]*"), *source.glob("images/[!.]*")]:
        if path.is_file():  # contents only: the source may be read-only, the copy must not be
            shutil.copyfile(path, folder / path.relative_to(source))
