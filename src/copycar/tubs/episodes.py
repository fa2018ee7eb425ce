"""Where a recording was interrupted: episodes, and the finer gaps that no sequence may span.

An episode is a run of records of one tub and one session id. A *gap* lies before every record that does not directly
follow the one before it: another episode, a missing or deleted index in between, or a pause (donkeycar numbers frames
on without a break when it stops recording because the throttle is zero; only the time tells).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Episode
from copycar.tubs.record import Record

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
    starts = [0, *(place for place in range(1, len(records)) if _is_other_drive(records[place - 1], records[place]))]
    stops = [*starts[1:], len(records)]
    return [Episode(records[a].session, a, b) for a, b in zip(starts, stops, strict=True) if b > a]


def find_gaps(records: Sequence[Record], stride: int = 1) -> list[int]:
    """Return every place whose record does not directly follow the one before it; place 0 is never listed.

    Args:
        records: in the order of recording.
        stride: frame numbers from one record to the next, where only every n-th frame is among them.
    """
    return _timeline(records).gaps(stride) if len(records) > 1 else []


def step_seconds(records: Sequence[Record]) -> NDArray[np.float64]:
    """Return (N - 1,) seconds between neighbours, by the monotonic clock where both have it; NaN where unknown."""
    return _steps_s(*_clocks(records))


def pause_s(steps_s: NDArray[np.float64]) -> float:
    """Return the shortest step in seconds that counts as a pause among these steps."""
    known = steps_s[np.isfinite(steps_s)]
    return max(PAUSE_LEAST_S, PAUSE_MEDIANS * float(np.median(known))) if len(known) else PAUSE_LEAST_S


def _timeline(records: Sequence[Record]) -> Timeline:
    numbers: dict[tuple[str, Path], int] = {}
    drives = [(record.session, record.image_path.parent) for record in records]
    return Timeline(
        np.array([record.index for record in records], dtype=np.int64),
        np.array([numbers.setdefault(drive, len(numbers)) for drive in drives], dtype=np.int64),
        *_clocks(records),
    )


def _clocks(records: Sequence[Record]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the seconds of the monotonic and of the wall clock, (N,) each."""
    return (
        np.array([np.nan if record.t_ns is None else record.t_ns / 1e9 for record in records]),
        np.array([np.nan if record.timestamp_ms is None else record.timestamp_ms / 1e3 for record in records]),
    )


def _steps_s(monotonic_s: NDArray[np.float64], wall_s: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.diff(monotonic_s)
    return np.where(np.isnan(steps), np.diff(wall_s), steps)


def _is_other_drive(before: Record, after: Record) -> bool:
    return before.session != after.session or before.image_path.parent != after.image_path.parent
