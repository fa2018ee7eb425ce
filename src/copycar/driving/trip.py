"""How far and how long a drive has gone, in the environment's own time. Knows nothing of drivers."""

import math
from collections.abc import Iterator

import numpy as np

from copycar.core.clock import Clock
from copycar.core.errors import CopycarError
from copycar.core.frame import Info
from copycar.driving.report import StoppedBy

RECORDED = (
    "lap",
    "progress",
    "cross_track_error_m",
    "heading_error_rad",
    "speed_mps",
    "is_off_track",
)
"""What of `info` goes into the recording beside each frame, as `track/<name>`, where the environment tells it."""

NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)  # what environments tell numbers with


class Trip:
    """One drive, counted from its reset.

    A world that gives `sim_time_s` stands still between steps: its time counts, however fast it is computed, and
    nothing is lost by waiting. Any other world runs on by the clock.

    Args:
        info: what the reset told.
        clock: time for a world that gives none.
        laps, seconds: where the trip is to end, if anywhere.

    Attributes:
        steps: how many were driven.
        world_waits: whether the world stands still between steps.

    Raises:
        CopycarError: laps are wanted, and the environment counts none.
    """

    def __init__(self, info: Info, clock: Clock, *, laps: int | None = None, seconds: float | None = None) -> None:
        if laps is not None and "lap" not in info:
            raise CopycarError("this environment counts no laps", fix="end the drive by time: --seconds 60")
        self._clock = clock
        self._start_ns = clock.monotonic_ns()
        self._first = info
        self._wanted_laps, self._wanted_s = laps, seconds
        self._end: StoppedBy | None = None
        self.steps = 0
        self.world_waits = info.get("sim_time_s") is not None

    def count_step(self, terminated: bool, truncated: bool) -> None:
        """Count one step and what the environment said of the end."""
        self.steps += 1
        self._end = "terminated" if terminated else "truncated" if truncated else None

    def ended_by(self, info: Info) -> StoppedBy | None:
        """Return why the trip is over; None while it goes on."""
        if self._wanted_laps is not None and (self.laps(info) or 0) >= self._wanted_laps:
            return "laps"
        if self._wanted_s is not None and self.elapsed_s(info) >= self._wanted_s - 1e-9:
            return "seconds"
        return self._end

    def now_ns(self, info: Info) -> int:
        """Return the time of the world that `info` tells of, monotonic ns."""
        if self.world_waits:
            return self._start_ns + round(float(info["sim_time_s"] - self._first["sim_time_s"]) * 1e9)
        return self._clock.monotonic_ns()

    def elapsed_s(self, info: Info) -> float:
        """Return the seconds of the world since the reset."""
        return (self.now_ns(info) - self._start_ns) / 1e9

    def captured_ns(self, info: Info) -> int:
        """Return when the frame that came with `info` was captured; to be asked as soon as it comes."""
        return self.now_ns(info) - round(float(info.get("frame_age_s", 0.0)) * 1e9)

    def age_s(self, info: Info, captured_ns: int) -> float:
        """Return how old the frame of `info` is by now."""
        return (self.now_ns(info) - captured_ns) / 1e9

    def laps(self, info: Info) -> int | None:
        """Return the laps completed since the reset; None where the environment counts none."""
        return int(info["lap"] - self._first["lap"]) if "lap" in self._first else None


def recorded_extras(info: Info) -> dict[str, float | int | str | bool]:
    """Return what of `info` is recorded; numbers that are not finite are left out.

    >>> recorded_extras({"lap": 2, "speed_mps": float("nan"), "position_m": (0, 0)})
    {'track/lap': 2}
    """
    return dict(_recorded(info))


def _recorded(info: Info) -> Iterator[tuple[str, float]]:
    for name in RECORDED:
        value = info.get(name)
        if isinstance(value, NUMBERS) and math.isfinite(value):
            yield f"track/{name}", value.item() if isinstance(value, np.generic) else value
