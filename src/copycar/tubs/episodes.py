"""Where a recording was interrupted: episodes, and the finer gaps that no sequence may span.

An episode is a run of records of one tub and one session id. A *gap* lies before every record that does not directly
follow the one before it: another episode, a missing or deleted index in between, or a pause (donkeycar numbers frames
on without a break when it stops recording because the throttle is zero; only the time tells).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Episode
from copycar.tubs.record import Record

PAUSE_MEDIANS = 5.0  # a pause is a step this many times longer than the recording's median step …
PAUSE_LEAST_S = 0.5  # … and at least this long; real cars jitter to 0.13 s at 20 Hz (measured on a real tub)


def find_episodes(records: Sequence[Record]) -> list[Episode]:
    """Return the runs of records of one tub and one session, as ranges of places in `records`."""
    starts = [0, *(place for place in range(1, len(records)) if _is_other_drive(records[place - 1], records[place]))]
    stops = [*starts[1:], len(records)]
    return [Episode(records[a].session, a, b) for a, b in zip(starts, stops, strict=True) if b > a]


def find_gaps(records: Sequence[Record], stride: int = 1) -> list[int]:
    """Return every place whose record does not directly follow the one before it; place 0 is never listed.

    Args:
        records: in the order of recording.
        stride: frame numbers from one record to the next, where only every n-th frame is among them.
    """
    if len(records) < 2:
        return []
    breaks = np.diff([record.index for record in records]) != stride
    breaks |= [_is_other_drive(a, b) for a, b in pairwise(records)]
    steps_s = step_seconds(records)
    with np.errstate(invalid="ignore"):
        breaks |= (steps_s > pause_s(steps_s[~breaks])) | (steps_s < 0)
    return [int(place) + 1 for place in np.flatnonzero(breaks)]


def step_seconds(records: Sequence[Record]) -> NDArray[np.float64]:
    """Return (N - 1,) seconds between neighbours, by the monotonic clock where both have it; NaN where unknown."""
    monotonic = np.array([np.nan if record.t_ns is None else record.t_ns / 1e9 for record in records])
    wall = np.array([np.nan if record.timestamp_ms is None else record.timestamp_ms / 1e3 for record in records])
    steps = np.diff(monotonic)
    return np.where(np.isnan(steps), np.diff(wall), steps)


def pause_s(steps_s: NDArray[np.float64]) -> float:
    """Return the shortest step in seconds that counts as a pause among these steps."""
    known = steps_s[np.isfinite(steps_s)]
    return max(PAUSE_LEAST_S, PAUSE_MEDIANS * float(np.median(known))) if len(known) else PAUSE_LEAST_S


def _is_other_drive(before: Record, after: Record) -> bool:
    return before.session != after.session or before.image_path.parent != after.image_path.parent
