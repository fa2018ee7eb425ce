"""How far predictions are from labels, beside what a thoughtless guess would reach. numpy only; knows no networks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
AXES = ("steering", "throttle")


def offline_figures(predicted: Array, labels: Array, previous: Array, train_mean: Array) -> dict[str, Any]:
    """Return the error of each axis beside its baselines.

    Args:
        predicted: (N, 2) steering and throttle.
        labels: (N, 2) what the driver did.
        previous: (N, 2) the label one frame earlier, NaN where an episode begins.
        train_mean: (2,) mean label of the training frames.

    Returns:
        `{"steering": {...}, "throttle": {...}, "n_frames": N}`; see `axis_figures`.
    """
    figures: dict[str, Any] = {
        axis: axis_figures(predicted[:, i], labels[:, i], previous[:, i], float(train_mean[i]))
        for i, axis in enumerate(AXES)
    }
    return figures | {"n_frames": len(labels)}


def axis_figures(predicted: Array, labels: Array, previous: Array, train_mean: float) -> dict[str, float | None]:
    """Return mean absolute error, root mean squared error, R² and the baselines of one axis, all (N,).

    `baseline_mean_mae` always says the training mean; `baseline_last_mae` repeats the last label, which a policy
    that only sees a picture cannot do: near 20 Hz it is hard to beat and means little for driving. None where a
    figure cannot be computed.
    """
    error = predicted - labels
    from_last = np.abs(labels - previous)
    known = from_last[np.isfinite(from_last)]
    spread = float(np.var(labels))
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt(np.square(error).mean())),
        "r2": 1.0 - float(np.square(error).mean()) / spread if spread > 1e-12 else None,
        "baseline_mean_mae": float(np.abs(labels - train_mean).mean()),
        "baseline_last_mae": float(known.mean()) if len(known) else None,
    }


def category_figures(predicted: NDArray[Any], labels: NDArray[Any], train_labels: NDArray[Any]) -> dict[str, float]:
    """Return the share of right answers, beside that of always naming what is most frequent in training.

    Args:
        predicted: int64 (N,) numbers of named things.
        labels: int64 (N,) what they are.
        train_labels: int64 (M,) of the training frames.
    """
    most_frequent = np.bincount(train_labels).argmax()
    return {
        "accuracy": float((predicted == labels).mean()),
        "baseline_majority_accuracy": float((labels == most_frequent).mean()),
    }
