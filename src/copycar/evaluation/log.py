"""Writes down a trial while it is driven, and makes it a trace. Knows nothing of rules or rescues."""

import math
import time
from typing import Any

import numpy as np

from copycar.core.frame import Info
from copycar.evaluation.trace import Array, Intervention, Road, Trace
from copycar.evaluation.trial import Trial

_TOLD = ("heading_rad", "cross_track_error_m", "heading_error_rad", "speed_mps", "progress")


class TrialLog:
    """The ticks of one trial so far.

    Args:
        trial: what is to be driven.
        info: what the environment told at the reset.
    """

    def __init__(self, trial: Trial, info: Info) -> None:
        self.trial = trial
        self.interventions: list[Intervention] = []
        self.laps_driven = 0.0 if "progress" in info else math.nan
        self.time_s = 0.0
        self.reward_total: float | None = None
        self._start_s = _now_s(info)
        self._progress = float(info.get("progress", math.nan))
        self._rows: list[dict[str, Any]] = []

    def add(self, action: Any, info: Info) -> None:
        """Write down one tick: the executed [steering, throttle] and the world after it."""
        self.time_s = _now_s(info) - self._start_s
        self._unroll(info)
        self.reward_total = info.get("reward_total")
        told = {name: info.get(name, math.nan) for name in _TOLD}
        self._rows.append(
            {
                "t_s": self.time_s,
                "position_m": info.get("position_m", (math.nan, math.nan)),
                "steering": action[0],
                "throttle": action[1],
                "laps_driven": self.laps_driven,
                **told,
            }
        )

    def add_intervention(self, cause: str, info: Info) -> None:
        """Write down that somebody had to help right after the last tick."""
        x_m, y_m = info.get("position_m", (math.nan, math.nan))
        tick = len(self._rows) - 1
        self.interventions.append(Intervention(cause, tick, self.time_s, float(x_m), float(y_m), self.laps_driven))

    def moved(self, info: Info) -> None:
        """Take the place where the car was put: the way there is not driven."""
        self._progress = float(info.get("progress", math.nan))

    def trace(self, ended: str, latency_ms: list[float], road: Road | None) -> Trace:
        """Return the trial as it was driven so far."""
        latency = np.full(len(self._rows), math.nan)
        latency[: len(latency_ms)] = latency_ms[: len(latency)]
        columns = {name: self._column(name) for name in ("t_s", "steering", "throttle", "laps_driven", *_TOLD)}
        return Trace(
            trial=self.trial,
            position_m=self._column("position_m").reshape(-1, 2),
            latency_ms=latency,
            interventions=tuple(self.interventions),
            ended=ended,
            road=road,
            reward_total=self.reward_total,
            **columns,
        )

    def _column(self, name: str) -> Array:
        return np.array([row[name] for row in self._rows], dtype=np.float64)

    def _unroll(self, info: Info) -> None:
        """Add the step of progress, the shorter way round the lap: no step is half a lap long."""
        progress = float(info.get("progress", math.nan))
        self.laps_driven += math.remainder(progress - self._progress, 1.0)
        self._progress = progress


def _now_s(info: Info) -> float:
    """Return the environment's own time; the machine's where it has none, as for a real car."""
    return float(info["sim_time_s"]) if "sim_time_s" in info else time.monotonic()
