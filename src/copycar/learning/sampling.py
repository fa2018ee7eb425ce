"""How often each training frame is drawn, relative to the others. Knows numbers and records; nothing of networks.

Rare things are favoured by drawing them more often, never by copying files. Every function here returns one weight per
frame, relative to the others; `combined` multiplies what several of them say.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.frame import IS_CORRECTION
from copycar.learning.columns import Category
from copycar.learning.dataset import DrivingData
from copycar.tubs.episodes import find_episodes
from copycar.tubs.record import MODE, Record
from copycar.tubs.records import as_records

Weights = NDArray[np.float64]

STEERING_BINS = 41
"""Resolution at which frames are balanced: bins of 0.05 in steering."""

HUMAN = "user"
"""donkeycar's `user/mode` where a human drives; "local_angle" and "local" are a policy's."""


def density_weights(steering: NDArray[np.float32], strength: float) -> Weights:
    """Return weights by how rare each frame's steering is among the others.

    Args:
        steering: (N,) labels -1 … 1.
        strength: 0 leaves frames as they were recorded, 1 makes every steering angle equally frequent.

    >>> density_weights(np.array([0.0, 0.0, 0.0, 0.5], dtype=np.float32), 1.0).round(2).tolist()
    [1.0, 1.0, 1.0, 3.0]
    """
    bins = np.rint((steering + 1) / 2 * (STEERING_BINS - 1)).astype(np.int64)
    return class_weights(bins, strength)


def class_weights(classes: NDArray[np.integer], strength: float) -> Weights:
    """Return weights by how rare each frame's class is; the most frequent class has weight 1.

    Args:
        classes: (N,) whole numbers, 0 or more.
        strength: 0 leaves frames as they were recorded, 1 makes every class equally frequent.

    >>> class_weights(np.array([2, 2, 2, 2, 5]), 0.5).tolist()
    [1.0, 1.0, 1.0, 1.0, 2.0]
    """
    frequency = np.bincount(classes)[classes]
    weights: Weights = (frequency.max(initial=1) / frequency) ** strength
    return weights


def correction_weights(is_correction: NDArray[np.bool_], factor: float) -> Weights:
    """Return `factor` for frames in which a human corrected a policy, 1 for the others.

    Raises:
        CopycarError: the factor is not above 0.

    >>> correction_weights(np.array([False, True]), 4.0).tolist()
    [1.0, 4.0]
    """
    if factor <= 0:
        raise CopycarError(f"corrections cannot count {factor} times", fix="choose a factor above 0, such as 4")
    return np.where(is_correction, float(factor), 1.0)


def combined(*weights: Weights) -> Weights:
    """Return the product of several weights per frame, scaled to a mean of 1.

    >>> combined(np.array([1.0, 1.0]), np.array([1.0, 3.0])).tolist()
    [0.5, 1.5]
    """
    product = np.prod(np.stack(weights), axis=0)
    return np.asarray(product / product.mean(), dtype=np.float64)


def frame_weights(data: DrivingData, *, balance: float, balance_classes: float, corrections: float) -> Weights:
    """Return how often each training frame is drawn, (n_train,), mean 1.

    Args:
        data: frames, labels and columns.
        balance: as `density_weights`.
        balance_classes: as `class_weights`, over every category that the network learns to answer.
        corrections: as `correction_weights`.
    """
    train = data.train
    classes = [data.columns[name][train] for name, column in data.reads.labels.items() if isinstance(column, Category)]
    is_correction = find_corrections(data.images.records)[train]
    return combined(
        density_weights(data.labels[train, 0], balance),
        *(class_weights(column.astype(np.int64), balance_classes) for column in classes),
        correction_weights(is_correction, corrections),
    )


def find_corrections(records: Sequence[Record]) -> NDArray[np.bool_]:
    """Return (N,) whether a human took over from a policy in each frame.

    Recordings of a shared wheel say so themselves (`user/correction`). Elsewhere it is every frame that a human drove,
    by `user/mode`, in a drive that a policy had begun to drive before: tubs of donkeycar (with RECORD_DURING_AI) tell
    it alike. Noise that was injected into an expert's drive is none.

    Args:
        records: in the order of recording.
    """
    columns = as_records(records)
    is_human = np.array([mode in (None, HUMAN) for mode in columns.values_of(MODE)], dtype=np.bool_)
    is_correction = np.zeros(len(columns), dtype=np.bool_)
    for episode in find_episodes(columns):
        here = slice(episode.start, episode.stop)
        is_correction[here] = is_human[here] & np.logical_or.accumulate(~is_human[here])
    told = columns.values_of(IS_CORRECTION)
    return np.array([guess if tag is None else bool(tag) for guess, tag in zip(is_correction, told, strict=True)], bool)
