"""Where a recording was interrupted: episodes, and the finer gaps that no sequence may span.

An episode is a run of records of one tub and one session id. A *gap* lies before every record that does not directly
follow the one before it: another episode, a missing or deleted index in between, or a pause (donkeycar numbers frames
on without a break when it stops recording because the throttle is zero; only the time tells).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Episode
from copycar.tubs.record import Record
from copycar.tubs.records import as_records

PAUSE_MEDIANS = 5.0  # a pause is a step this many times longer than the recording's median step …
PAUSE_LEAST_S = 0.5  # … and at least this long; real cars jitter to 0.13 s at 20 Hz (measured on a real tub)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What of a recording tells where it was interrupted, a column each, (N,).

    Attributes:
        index: int64 frame numbers.
        drive: integers; neighbours that share theirs are of one tub and one session.
        monotonic_s, wall_s: float64 seconds, NaN where unknown.
    """

    index: NDArray[np.int64]
    drive: NDArray[np.integer]
    monotonic_s: NDArray[np.float64]
    wall_s: NDArray[np.float64]

    def steps_s(self) -> NDArray[np.float64]:
        """As `step_seconds`."""
        return _steps_s(self.monotonic_s, self.wall_s)

    def gaps(self, stride: int = 1) -> list[int]:
        """As `find_gaps`."""
        breaks = (np.diff(self.index) != stride) | (np.diff(self.drive) != 0)
        steps_s = self.steps_s()
        with np.errstate(invalid="ignore"):
            breaks |= (steps_s > pause_s(steps_s[~breaks])) | (steps_s < 0)
        return [int(place) + 1 for place in np.flatnonzero(breaks)]


def find_episodes(records: Sequence[Record]) -> list[Episode]:
    """Return the runs of records of one tub and one session, as ranges of places in `records`."""
    columns = as_records(records)
    starts = [0, *(np.flatnonzero(np.diff(columns.drive)) + 1).tolist()]
    stops = [*starts[1:], len(columns)]
    names = [columns.sessions[session] for session in columns.session_of[starts[: len(columns)]].tolist()]
    return [Episode(name, a, b) for name, a, b in zip(names, starts, stops, strict=False)]


def find_gaps(records: Sequence[Record], stride: int = 1) -> list[int]:
    """Return every place whose record does not directly follow the one before it; place 0 is never listed.

    Args:
        records: in the order of recording.
        stride: frame numbers from one record to the next, where only every n-th frame is among them.
    """
    columns = as_records(records)
    timeline = Timeline(columns.numbers, columns.drive, columns.monotonic_s, columns.wall_s)
    return timeline.gaps(stride) if len(columns) > 1 else []


def step_seconds(records: Sequence[Record]) -> NDArray[np.float64]:
    """Return (N - 1,) seconds between neighbours, by the monotonic clock where both have it; NaN where unknown."""
    columns = as_records(records)
    return _steps_s(columns.monotonic_s, columns.wall_s)


def pause_s(steps_s: NDArray[np.float64]) -> float:
    """Return the shortest step in seconds that counts as a pause among these steps."""
    known = steps_s[np.isfinite(steps_s)]
    return max(PAUSE_LEAST_S, PAUSE_MEDIANS * float(np.median(known))) if len(known) else PAUSE_LEAST_S


def _steps_s(monotonic_s: NDArray[np.float64], wall_s: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.diff(monotonic_s)
    return np.where(np.isnan(steps), np.diff(wall_s), steps)
