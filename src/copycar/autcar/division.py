"""Which captures train and which test: stretches of driving, an exact share of them. Knows classes; no pictures.

AutCar throws a dice for every picture and copies rare ones before, so that most test pictures have been trained on.
Here the drive is cut into stretches, and one block of each is for testing; copies are only made afterwards.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError

Bools = NDArray[np.bool_]

BLOCK = 10
"""Test captures in a row, about: 20 s at AutCar's rate; only the first and the last have a training neighbour."""

N_DRAWN = 200
"""Divisions that are drawn; the one in which the classes are divided most evenly is taken."""

UNLEARNED, UNTESTED = 10.0, 1.0
"""What a class costs that cannot be learned, or not be tested, beside one whose share is off by everything (1)."""


def divide(names: Sequence[str], contents: Sequence[bytes], *, train_share: float, seed: int) -> Bools:
    """Return (N,) whether each capture is for testing.

    Exactly the share that was asked for, rounded to whole captures; fewer test only where one of their pictures is
    the very same as a training picture (a car that stood still), which then trains.

    Args:
        names: of the captures' classes, in the order of the drive.
        contents: equal for equal pictures.
        train_share: 0 … 1, both excluded.
        seed: same seed and captures, same division.

    Raises:
        CopycarError: a side would be empty.
    """
    n = len(names)
    n_test = n - round(n * train_share)
    if not 0 < train_share < 1 or n_test in {0, n}:
        raise CopycarError(
            f"train_test_split={train_share:g} leaves one side of {n} pictures empty",
            fix="choose a share between 0 and 1, such as 0.8, and record more where there are few pictures",
        )
    rng = np.random.default_rng(seed)
    classes = np.unique(names, return_inverse=True)[1]
    drawn = [_draw(n, n_test, rng) for _ in range(N_DRAWN)]
    is_test = min(drawn, key=lambda division: _unevenness(division, classes))
    trained = {content for content, tests in zip(contents, is_test.tolist(), strict=True) if not tests}
    is_test &= np.array([content not in trained for content in contents])
    if not is_test.any():
        raise CopycarError(
            "every test picture would be the same as a training picture",
            "the pictures repeat themselves",
            "look whether the camera was frozen: copycar tub check",
        )
    return is_test


def _draw(n: int, n_test: int, rng: np.random.Generator) -> Bools:
    """Cut the drive into equal stretches and choose a block somewhere in each."""
    n_blocks = max(1, round(n_test / BLOCK))
    edges, shares = (np.linspace(0, whole, n_blocks + 1).round().astype(int).tolist() for whole in (n, n_test))
    is_test = np.zeros(n, dtype=np.bool_)
    for (start, stop), (before, after) in zip(pairwise(edges), pairwise(shares), strict=True):
        length = after - before
        first = int(rng.integers(start, stop - length + 1))
        is_test[first : first + length] = True
    return is_test


def _unevenness(is_test: Bools, classes: NDArray[np.integer]) -> float:
    counts = np.bincount(classes)
    tested = np.bincount(classes[is_test], minlength=len(counts))
    off = np.abs(tested / counts - is_test.mean()).sum()
    return float(off + UNLEARNED * (tested == counts).sum() + UNTESTED * (tested == 0).sum())
