"""Drives one trial after the other in this process. Knows nothing of other processes."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import gymnasium

from copycar.core.frame import Decision, Info, Observation
from copycar.driving.driver import Driver, DriverLeft
from copycar.driving.loop import drive
from copycar.evaluation.place import load_policy, make_driver_for, make_place
from copycar.evaluation.referee import Referee
from copycar.evaluation.trace import Trace
from copycar.evaluation.trial import Trial

OnShare = Callable[[float, int], None]
"""Is told how much of the trial is driven, 0 … 1, and how often help was needed so far."""


class Stopwatch:
    """A driver whose decisions are timed, and who gets out when told to.

    Args:
        driver: who drives.
        is_over: asked before every decision; True ends the drive.

    Attributes:
        latency_ms: of each decision, in order.
    """

    def __init__(self, driver: Driver, is_over: Callable[[], bool]) -> None:
        self._driver, self._is_over = driver, is_over
        self.latency_ms: list[float] = []

    def reset(self) -> None:
        """Get ready for a new drive."""
        self._driver.reset()
        self.latency_ms = []

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return the driver's decision.

        Raises:
            DriverLeft: the evaluation is to end.
        """
        if self._is_over():
            raise DriverLeft
        started_ns = time.perf_counter_ns()
        decision = self._driver.act(observation, info)
        self.latency_ms.append((time.perf_counter_ns() - started_ns) / 1e6)
        return decision


class Stage:
    """A driver, and the environments it has driven in so far; they are kept, because making one takes a second.

    Args:
        driver: a policy file `*.onnx` or the name of a registered driver.
        options: for `make_environment`.
        is_over: asked at every tick; True ends the trial.

    Raises:
        CopycarError: no or an unfit policy file.
    """

    def __init__(self, driver: str, options: Mapping[str, Any], is_over: Callable[[], bool]) -> None:
        self._driver, self._options, self._is_over = driver, dict(options), is_over
        self._policy = load_policy(driver)
        self._environments: dict[str, gymnasium.Env[Any, Any]] = {}

    def run(self, trial: Trial, on_share: OnShare) -> Trace:
        """Drive `trial` and return what happened.

        Raises:
            CopycarError: unknown environment or driver; a policy that returns no numbers.
            KeyboardInterrupt: Ctrl-C, where this process listens to it.
        """
        environment = self._environment(trial.environment)
        referee = Referee(environment, trial)
        watch = Stopwatch(make_driver_for(self._driver, environment, self._policy), self._is_over)

        def tell(_: object) -> None:
            on_share(min(1.0, max(referee.share_done, 0.0)), len(referee.log.interventions))

        report = drive(referee, watch, seed=trial.seed, start=referee.start, on_frame=tell)
        if report.interrupted:
            raise KeyboardInterrupt
        return referee.trace(watch.latency_ms)

    def close(self) -> None:
        """Free the environments."""
        for environment in self._environments.values():
            environment.close()
        self._environments.clear()

    def _environment(self, name: str) -> gymnasium.Env[Any, Any]:
        if name not in self._environments:
            self._environments[name] = make_place(name, self._options, self._policy)
        return self._environments[name]
