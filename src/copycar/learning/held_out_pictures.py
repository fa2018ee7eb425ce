"""A few held-out frames with what the driver did and what the network says so far, for whoever watches a training.

Half of them are the same in every epoch, half are those that it is worst at. Written beside the run's figures after
every epoch. Knows nothing of networks.
"""

import base64
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.files import write_json
from copycar.learning.dataset import DrivingData
from copycar.tubs.jpeg import encode_jpeg

FILE = "held_out.json"
N_SAME = N_WORST = 4


def write_held_out(folder: Path, epoch: int, data: DrivingData, answers: NDArray[np.float32]) -> None:
    """Write `held_out.json`.

    Args:
        folder: of the run.
        epoch: counted from 1.
        data: with its held-out frames.
        answers: float32 (n_held_out, 2), steering and throttle after that epoch.
    """
    error = np.abs(answers[:, 0] - data.labels[data.validation, 0])
    same = np.linspace(0, len(error) - 1, min(N_SAME, len(error))).round().astype(int)
    worst = np.setdiff1d(np.argsort(-error), same, assume_unique=True)[:N_WORST]
    shown = [(place, False) for place in same.tolist()] + [(place, True) for place in worst.tolist()]
    frames = [_frame(data, answers, place, is_worst=is_worst) for place, is_worst in shown]
    write_json(folder / FILE, {"epoch": epoch, "frames": frames})


def _frame(data: DrivingData, answers: NDArray[np.float32], place: int, *, is_worst: bool) -> dict[str, Any]:
    row = int(data.validation[place])
    jpeg = encode_jpeg(data.images[np.array([row])][0])
    return {
        "frame": row,
        "is_worst": is_worst,
        "driver": data.labels[row].tolist(),
        "policy": answers[place].tolist(),
        "jpeg": base64.b64encode(jpeg).decode("ascii"),
    }
