"""Runs *inside the peer's environment*: its recorder, its reader and its batch delivery, as its own training uses them.

    .venv-peer/bin/python benchmarks/peer_tubs.py TUB PICTURES.npy WORK CONFIG.py

Its reader has no threads to choose. Its batches come from `BatchSequence`, prefetched as in `pipeline/training.py`,
with the pictures in its own cache from the second pass on. Knows nothing of copycar.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pilot_loop import reserve_stdout

answers = reserve_stdout()  # the peer prints a banner when it is imported

import donkeycar  # noqa: E402
import tensorflow as tf  # noqa: E402
from donkeycar.parts.tub_v2 import Tub  # noqa: E402
from donkeycar.pipeline.training import BatchSequence  # noqa: E402
from donkeycar.pipeline.types import TubDataset  # noqa: E402
from donkeycar.utils import get_model_by_type  # noqa: E402

from tub_loop import Recorder, Side, report  # noqa: E402

INPUTS = {"cam/image_array": "image_array", "user/angle": "float", "user/throttle": "float", "user/mode": "str"}


def recorder(folder: Path) -> Recorder:
    """Open the peer's tub for writing."""
    tub = Tub(str(folder), inputs=list(INPUTS), types=list(INPUTS.values()))

    def append(picture: Any) -> None:
        tub.write_record(dict(zip(INPUTS, (picture, 0.1, 0.3, "user"), strict=True)))

    return Recorder(append, tub.close)


def read(config: Any, tub: Path, threads: int) -> int:
    """Open the tub and decode every frame into the peer's cache."""
    dataset = TubDataset(config, [str(tub)])
    records = dataset.get_records()
    for record in records:
        record.image()
    dataset.close()
    return len(records)


def ready_batches(config: Any, tub: Path) -> Callable[[], int]:
    """Load the tub as a training does."""
    records = TubDataset(config, [str(tub)]).get_records()
    sequence = BatchSequence(get_model_by_type("linear", config), config, records, is_train=True)
    batches = iter(sequence.create_tf_data().prefetch(tf.data.experimental.AUTOTUNE))

    def deliver() -> int:
        return sum(int(next(batches)[0]["img_in"].shape[0]) for _ in range(len(sequence)))

    return deliver


if __name__ == "__main__":
    tub, pictures, work, settings = map(Path, sys.argv[1:])
    config = donkeycar.load_config(str(settings))
    side = Side(recorder, partial(read, config, tub), (1,), {"float": partial(ready_batches, config, tub)})
    report(side, tub, np.load(pictures), work, answers)
