"""Held-out blocks that stay where they are while a recording grows. Knows frame numbers only, nothing of learning.

Every frame number belongs to a block and every few blocks to a group, in which a hash of the group's number says which
block is held out. So a frame's side depends on nothing but its own number and the seed: no frame that once judged is
ever learned from, however much is recorded or deleted afterwards.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

BLOCK = 100  # frames, as in `copycar.tubs.split`


def growing_blocks(numbers: NDArray[np.int64], fraction: float, seed: int) -> list[range]:
    """Return the held-out runs of places.

    Args:
        numbers: (N,) frame numbers, of any number of tubs one after the other.
        fraction: about which share is held out; a group has round(1 / fraction) blocks, at least two.
        seed: chooses the blocks.
    """
    n_in_group = max(2, round(1 / fraction))
    group, place = np.divmod(numbers // BLOCK, n_in_group)
    known = {number: _held_out(number, n_in_group, seed) for number in np.unique(group).tolist()}
    is_held_out = place == np.array([known[number] for number in group.tolist()], dtype=np.int64)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_held_out.astype(np.int8), [0]])))
    return [range(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _held_out(group: int, n_in_group: int, seed: int) -> int:
    """Return which block of a group is held out; of the first group the second, so that a short recording has one."""
    return 1 if group == 0 else zlib.crc32(f"{seed}/{group}".encode()) % n_in_group
