"""Times our recorder, reader and batch delivery.

    python benchmarks/our_tubs.py TUB PICTURES.npy WORK

Defaults everywhere (JPEG quality 85; donkeycar writes 75), no augmentation. Knows nothing of the peer.
"""

import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch

from copycar.core.frame import Action, Decision, Frame
from copycar.learning.augment.settings import OFF
from copycar.learning.dataset import load_driving_data
from copycar.learning.device import keep_freed_memory
from copycar.learning.driving_task import DrivingTask
from copycar.learning.policies.network import NETWORKS, Given
from copycar.tubs.load import load_images
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter
from pilot_loop import reserve_stdout
from tub_loop import Recorder, Side, report

BATCH_SIZE = 128


def recorder(folder: Path) -> Recorder:
    """Open a `TubWriter`."""
    writer, ticks = TubWriter(folder), count()
    action = Action(0.1, 0.3)

    def append(picture: Any) -> None:
        writer.append(Frame(picture, Decision(action, action, "human"), next(ticks) * 50_000_000))

    return Recorder(append, writer.close)


def read(tub: Path, threads: int) -> int:
    """Open the tub and decode every frame."""
    return len(load_images(Tub.open(tub).records, threads=threads))


def raw_batches(tub: Path) -> Callable[[], int]:
    """Load the tub; deliver pictures as they were recorded, uint8, which is what a policy takes."""
    return _from_store(tub, lambda pictures: pictures)


def float_batches(tub: Path) -> Callable[[], int]:
    """Load the tub; deliver pictures as float32 0 … 1, which is what the peer's batches hold (in float64)."""
    return _from_store(tub, lambda pictures: np.multiply(pictures, np.float32(1 / 255), dtype=np.float32))


def training_batches(tub: Path) -> Callable[[], int]:
    """Load the tub; deliver what our training loop asks for, without variations."""
    data = load_driving_data([tub], seed=0, validation_share=0.2)
    network = NETWORKS.get("linear")(Given(data.image_size))
    task = DrivingTask(data, network, OFF, batch_size=BATCH_SIZE, seed=0)
    epochs = count()
    return lambda: sum(len(batch) for batch in task.train_batches(next(epochs), torch.device("cpu")))


def _from_store(tub: Path, ready: Callable[[Any], Any]) -> Callable[[], int]:
    store, random = load_images(Tub.open(tub).records), np.random.default_rng(0)
    labels = np.array([record.action for record in store.records], dtype=np.float32)

    def deliver() -> int:
        order = random.permutation(len(store))
        parts = (order[start : start + BATCH_SIZE] for start in range(0, len(order), BATCH_SIZE))
        batches = ((ready(store[part]), labels[part]) for part in parts)
        return sum(len(pictures) for pictures, _ in batches)

    return deliver


if __name__ == "__main__":
    answers = reserve_stdout()
    keep_freed_memory()  # as a training once it runs: repeats are not to measure how the system maps fresh pages;
    # the peer's pictures, one array each, are small enough to be kept anyway
    tub, pictures, work = map(Path, sys.argv[1:])
    kinds = {"raw": raw_batches, "float": float_batches, "training": training_batches}
    batches = {kind: partial(get_ready, tub) for kind, get_ready in kinds.items()}
    side = Side(recorder, partial(read, tub), (1, 2), batches)
    report(side, tub, np.load(pictures), work, answers)
