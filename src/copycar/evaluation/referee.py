"""Stands beside the track: writes the trial down, helps where a person would, and says when the trial is over.

A gymnasium wrapper, so the drive loop drives a refereed environment as any other. Knows nothing of drivers.
"""

from typing import Any

import gymnasium

from copycar.driving.environment import ability
from copycar.environments.starts import can_start_anywhere
from copycar.evaluation.judge import Judge
from copycar.evaluation.log import TrialLog
from copycar.evaluation.road import road_of
from copycar.evaluation.trace import ENVIRONMENT_ENDED, GIVEN_UP, LAPS_DONE, NO_RESCUE, STOPPED, TIME_OVER, Road, Trace
from copycar.evaluation.trial import Trial

MAX_INTERVENTIONS = 10
"""After so many nobody believes in the driver any more."""

SLOWEST_MPS = 0.3
"""A trial lasts as long as its laps take at this speed: a third of a walk."""

SECONDS_PER_LAP = 60.0
"""Time for a lap where the environment does not tell how long its road is."""


class Referee(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Referees one trial at a time.

    Args:
        environment: any; without `rescue()` the first intervention ends the trial.
        trial: what is driven from the next reset on; an environment that cannot start anywhere drives it from its usual
            start, and the trace says so.
        max_interventions: the trial is given up at this one.

    Attributes:
        log: the current trial, written down.
        road: of the current trial, where the environment tells.
        ended: why the trial is over; "stopped" while it is not.
    """

    def __init__(
        self, environment: gymnasium.Env[Any, Any], trial: Trial, *, max_interventions: int = MAX_INTERVENTIONS
    ) -> None:
        super().__init__(environment)
        self._trial = trial if can_start_anywhere(environment) else trial.from_the_usual_start()
        self._max_interventions = max_interventions
        self._rescue = ability(environment, "rescue")
        self.road: Road | None = None
        self.ended = STOPPED

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start the trial."""
        observation, info = self.env.reset(seed=seed, options=options)
        self.road = road_of(self.env)
        self._judge, self.log, self.ended = Judge(), TrialLog(self._trial, info), STOPPED
        self._judge.restart(info, 0.0)
        return observation, info

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Drive for one tick; truncated when the trial is over."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.log.add(action, info)
        is_helped = self._help_if_needed(info)
        if terminated or truncated:
            self.ended = ENVIRONMENT_ENDED
        elif over := self._over(is_helped):
            self.ended, truncated = over, True
        elif is_helped:
            observation, info = self._put_back()
        return observation, reward, terminated, truncated, info

    def trace(self, latency_ms: list[float]) -> Trace:
        """Return what was driven since the reset.

        Args:
            latency_ms: of each decision, in order.
        """
        return self.log.trace(self.ended, latency_ms, self.road)

    @property
    def start(self) -> dict[str, Any]:
        """Where the trial starts, for `reset`; nothing where the environment starts where it starts."""
        return self._trial.reset_options() if can_start_anywhere(self.env) else {}

    @property
    def share_done(self) -> float:
        """How much of the trial is behind, 0 … 1, by laps or by time, whichever is further."""
        by_time = self.log.time_s / self.time_limit_s
        return max(by_time, self.log.laps_driven / self._trial.laps)  # NaN laps lose every comparison

    @property
    def time_limit_s(self) -> float:
        """How long the trial may take, in the environment's time."""
        lap_s = self.road.length_m / SLOWEST_MPS if self.road else SECONDS_PER_LAP
        return self._trial.laps * lap_s

    def _help_if_needed(self, info: dict[str, Any]) -> bool:
        cause = self._judge.cause(info, self.log.time_s)
        if cause is not None:
            self.log.add_intervention(cause, info)
        return cause is not None

    def _over(self, is_helped: bool) -> str | None:
        if self.log.laps_driven >= self._trial.laps - 1e-9:
            return LAPS_DONE
        if len(self.log.interventions) >= self._max_interventions:
            return GIVEN_UP
        if self.log.time_s >= self.time_limit_s:
            return TIME_OVER
        return NO_RESCUE if is_helped and self._rescue is None else None

    def _put_back(self) -> tuple[Any, dict[str, Any]]:
        assert self._rescue is not None
        observation, info = self._rescue()
        self.log.moved(info)
        self._judge.restart(info, self.log.time_s)
        return observation, info
