"""Which frames are copies or mirror images of others: they carry the times of their parents. Opens no picture.

`copycar tub flip`, `merge` and `split`, and a folder copied by hand, keep every frame's times; two different drives
share one only by chance.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.episodes import find_episodes
from copycar.tubs.record import Record
from copycar.tubs.records import UNKNOWN, as_records

Stamps = NDArray[np.int64]


def stamps(records: Sequence[Record]) -> Stamps:
    """Return (N,) the time that identifies each frame, in units that only serve comparison; -1 where it has none."""
    columns = as_records(records)
    times, ticks = columns.timestamp_ms, np.where(columns.t_ns == UNKNOWN, 0, columns.t_ns)
    stamped = (times * 1_000_003 + ticks) & (2**62 - 1)  # never negative; whole numbers wrap around as they should
    return np.where(times == UNKNOWN, -1, stamped)


def parent_places(records: Sequence[Record]) -> Stamps:
    """Return (N,) the place of the frame that each one is a twin of; its own place where it is an original.

    A drive counts as a twin where at least half of its frames share their times with frames of an earlier drive. Its
    other frames (their parents were deleted) get the parent of their nearest neighbour before, or else after.
    """
    records = as_records(records)
    places = np.arange(len(records))
    times = stamps(records)
    _, first, inverse = np.unique(times, return_index=True, return_inverse=True)
    earliest = np.where(times == -1, places, first[inverse])
    for episode in find_episodes(records):
        here = slice(episode.start, episode.stop)
        is_twin = earliest[here] < episode.start
        if 2 * is_twin.sum() >= len(episode):
            places[here] = _filled(earliest[here], is_twin)
    return places


def _filled(parents: Stamps, is_known: NDArray[np.bool_]) -> Stamps:
    nearest = np.maximum.accumulate(np.where(is_known, np.arange(len(parents)), -1))
    nearest[nearest < 0] = np.flatnonzero(is_known)[0]
    return parents[nearest]
