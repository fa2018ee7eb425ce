"""The drive loop: observation, decision, safety, step, record. Knows no particular car, driver or format."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from copycar.core.clock import Clock, RealClock
from copycar.core.frame import Decision, Frame, Info, Observation
from copycar.driving.driver import Driver, DriverLeft
from copycar.driving.durations import Durations
from copycar.driving.environment import Environment, ability
from copycar.driving.pace import Pace
from copycar.driving.recorder import Recorder
from copycar.driving.report import DriveReport, StoppedBy
from copycar.driving.safety import USUAL_LIMITS, SafetyLimits, made_safe
from copycar.driving.trip import Trip, recorded_extras, require_laps
from copycar.driving.watchdog import Watchdog

PERIODS_OF_SILENCE = 3  # a slow rate is no hang: the watchdog waits for at least so many ticks


@dataclass(frozen=True, slots=True)
class Tick:
    """One turn of the loop, for progress and film.

    Attributes:
        observation, info: what the driver saw and what the environment told with it.
        decision: what was executed, after safety.
        outcome: what the environment told after the step, e.g. the lap just finished.
    """

    observation: Observation
    info: Info
    decision: Decision
    outcome: Info


def drive(  # noqa: PLR0913 - one drive, described in one call
    environment: Environment,
    driver: Driver,
    *,
    recorder: Recorder | None = None,
    rate_hz: float | None = None,
    laps: int | None = None,
    seconds: float | None = None,
    seed: int | None = None,
    start: Mapping[str, Any] | None = None,
    on_frame: Callable[[Tick], None] | None = None,
    limits: SafetyLimits = USUAL_LIMITS,
    clock: Clock | None = None,
) -> DriveReport:
    """Drive once, from a reset to the end; however it ends, the car is stopped and the recording closed.

    Args:
        environment: where to drive.
        driver: who drives.
        recorder: records every frame; closed at the end.
        rate_hz: ticks per second of the clock; None goes as fast as the environment allows.
        laps: end after so many completed laps.
        seconds: end after so much of the environment's time (`info["sim_time_s"]` where given, else the clock).
        seed: of the environment's reset.
        start: options of the environment's reset, e.g. `{"progress": 0.5}`.
        on_frame: called after every tick.
        limits: what safety allows.
        clock: time, for tests.

    Returns:
        What the drive was like; Ctrl-C is a normal end, with `interrupted` set.

    Raises:
        CopycarError: the driver returned an action that is not a number; the recording failed; laps were asked for
            where none are counted.
    """
    clock = clock or RealClock()
    with ended_safely(environment, driver, recorder):
        observation, info = environment.reset(seed=seed, options=dict(start or {}))
        driver.reset()
        trip, pace, latency = Trip(info, clock), Pace(rate_hz, clock), Durations()
        require_laps(trip, info, laps)
        frames = 0
        with watchdog_for(environment, trip, rate_hz, limits, clock) as watchdog:
            try:
                stopped_by = goal_reached(trip, info, laps, seconds)
                while not stopped_by:
                    seen_ns, asked_ns = trip.now_ns(info), clock.monotonic_ns()
                    wanted = driver.act(observation, info)
                    latency.add(clock.monotonic_ns() - asked_ns)
                    decision = made_safe(wanted, limits, trip.frame_age_s(info, seen_ns))
                    following, _, terminated, truncated, outcome = environment.step(decision.action.as_array())
                    frames += 1
                    if recorder:
                        frame = Frame(observation["image"], decision, seen_ns, recorded_extras(info))
                        recorder.put(frame, may_wait=trip.world_waits)
                    if on_frame:
                        on_frame(Tick(observation, info, decision, outcome))
                    observation, info = following, outcome
                    stopped_by = why_ended(...)
                    pace.wait()
                    watchdog.feed()
            except DriverLeft:
                stopped_by = "driver"
            except KeyboardInterrupt:
                stopped_by = "interrupted"
