"""How far and how long a drive has gone, in the environment's own time. Knows nothing of drivers."""

import math
from collections.abc import Iterator

from copycar.core.clock import Clock
from copycar.core.errors import CopycarError
from copycar.core.frame import Info

RECORDED = (
    "lap",
    "progress",
    "cross_track_error_m",
    "heading_error_rad",
    "speed_mps",
    "is_off_track",
)
"""What of `info` goes into the recording beside each frame, as `track/<name>`, where the environment tells it."""


class Trip:
    """One drive, counted from its reset.

    A world that gives `sim_time_s` stands still between steps: its time counts, however fast it is computed, and
    nothing is lost by waiting. Any other world runs on by the clock.

    Args:
        info: what the reset told.
        clock: time for a world that gives none.

    Attributes:
        world_waits: whether the world stands still between steps.
    """

    def __init__(self, info: Info, clock: Clock) -> None:
        self._clock = clock
        self._start_ns = clock.monotonic_ns()
        self._first = info
        self.world_waits = info.get("sim_time_s") is not None

    def now_ns(self, info: Info) -> int:
        """Return the time of the world that `info` tells of, monotonic ns."""
        if self.world_waits:
            return self._start_ns + round((info["sim_time_s"] - self._first["sim_time_s"]) * 1e9)
        return self._clock.monotonic_ns()

    def elapsed_s(self, info: Info) -> float:
        """Return the seconds of the world since the reset."""
        return (self.now_ns(info) - self._start_ns) / 1e9

    def frame_age_s(self, info: Info, seen_ns: int) -> float:
        """Return how old the frame of `info` is by now, if it was handed over at `seen_ns`."""
        return float(info.get("frame_age_s", 0.0)) + (self.now_ns(info) - seen_ns) / 1e9

    def laps(self, info: Info) -> int | None:
        """Return the laps completed since the reset; None where the environment counts none."""
        return info["lap"] - self._first["lap"] if "lap" in info and "lap" in self._first else None


def require_laps(trip: Trip, info: Info, laps: int | None) -> None:
    """Make sure that a drive that is to end after so many laps can end.

    Raises:
        CopycarError: laps are wanted, and the environment counts none.
    """
    if laps is not None and trip.laps(info) is None:
        raise CopycarError("this environment counts no laps", fix="end the drive by time: --seconds 60")


def recorded_extras(info: Info) -> dict[str, float | int | str | bool]:
    """Return what of `info` is recorded; numbers that are not finite are left out.

    >>> recorded_extras({"lap": 2, "speed_mps": float("nan"), "position_m": (0, 0)})
    {'track/lap': 2}
    """
    return dict(_recorded(info))


def _recorded(info: Info) -> Iterator[tuple[str, float | int | bool]]:
    for name in RECORDED:
        value = info.get(name)
        if value is not None and math.isfinite(value):
            yield f"track/{name}", value
