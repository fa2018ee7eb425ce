"""Where on the stick, in which drive and on which frame the answers are off. numpy only; knows no policies."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Episode
from copycar.evaluation.classification import Classification, classify, distance_cost

Array = NDArray[np.floating[Any]]

N_BINS = 9
"""Odd, so that one bin is straight ahead; a person can read nine."""

STRAIGHT = 1 / N_BINS
"""Steering to either side that counts as straight: the middle bin."""

DIRECTIONS = ("left", "straight", "right")


def per_bin(predicted: Array, truth: Array, guess: float) -> list[dict[str, Any]]:
    """Return the error of one axis for each part of its range, by what the driver did.

    Args:
        predicted: (N,) what was answered, -1 … 1.
        truth: (N,) what the driver did, -1 … 1.
        guess: the constant guess to compare with, such as the training mean.

    Returns:
        `N_BINS` of `{"from", "to", "n", "mae", "bias", "baseline_mean_mae"}`; bias is the mean of predicted - truth:
        positive is too far to the right. None where no frame lies in a bin.
    """
    edges = np.linspace(-1.0, 1.0, N_BINS + 1)
    place = np.clip(np.digitize(truth, edges) - 1, 0, N_BINS - 1)
    return [
        {"from": float(edges[i]), "to": float(edges[i + 1]), **_errors(predicted[place == i], truth[place == i], guess)}
        for i in range(N_BINS)
    ]


def directions(predicted: Array, truth: Array) -> Classification:
    """Return how often left, straight and right were told apart; left for right costs 2, left for straight 1."""
    return classify(_direction(truth), _direction(predicted), DIRECTIONS, cost=distance_cost((-1.0, 0.0, 1.0)))


def worst(errors: Array, episodes: Sequence[Episode], *, most: int, apart: int) -> list[int]:
    """Return the places of the largest errors (N,), the largest first, no two of one drive within `apart` frames."""
    drive = np.zeros(len(errors), dtype=np.int64)
    for number, episode in enumerate(episodes):
        drive[episode.start : episode.stop] = number
    is_free = np.ones(len(errors), dtype=bool)
    found: list[int] = []
    for place in np.argsort(-errors, kind="stable").tolist():
        if len(found) == most:
            break
        if is_free[place]:
            found.append(place)
            near = slice(max(0, place - apart + 1), place + apart)
            is_free[near] &= drive[near] != drive[place]
    return found


def _errors(predicted: Array, truth: Array, guess: float) -> dict[str, Any]:
    if not len(truth):
        return {"n": 0, "mae": None, "bias": None, "baseline_mean_mae": None}
    error = predicted - truth
    return {
        "n": len(truth),
        "mae": float(np.abs(error).mean()),
        "bias": float(error.mean()),
        "baseline_mean_mae": float(np.abs(guess - truth).mean()),
    }


def _direction(steering: Array) -> NDArray[np.int64]:
    return (np.digitize(steering, [-STRAIGHT, STRAIGHT])).astype(np.int64)
