"""Runs of true values in a row of yes and no. Knows nothing of what they mean."""

import numpy as np
from numpy.typing import NDArray


def run_lengths(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (N,) the length of the run that each place belongs to; 0 where the mask is false.

    >>> run_lengths(np.array([True, False, True, True])).tolist()
    [1, 0, 2, 2]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    lengths = np.zeros(len(mask), dtype=np.int64)
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        lengths[start:stop] = stop - start
    return lengths


def longest_run(mask: NDArray[np.bool_]) -> int:
    """Return the length of the longest run; 0 where nothing is true."""
    return int(run_lengths(mask).max(initial=0))
