"""The drive loop: observation, decision, safety, step, record. Knows no particular car, driver or format."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from copycar.core.clock import Clock, RealClock
from copycar.core.frame import Action, Decision, Frame, Info, Observation
from copycar.driving.driver import Driver, DriverLeft
from copycar.driving.durations import Durations
from copycar.driving.environment import Environment, ability
from copycar.driving.motors import to_motors
from copycar.driving.pace import Pace
from copycar.driving.recorder import TakesFrames
from copycar.driving.report import DriveReport
from copycar.driving.safety import USUAL_LIMITS, SafetyLimits, made_safe
from copycar.driving.trip import Trip, recorded_extras
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
    recorder: TakesFrames | None = None,
    rate_hz: float | None = None,
    laps: int | None = None,
    seconds: float | None = None,
    seed: int | None = None,
    start: Mapping[str, Any] | None = None,
    on_frame: Callable[[Tick], None] | None = None,
    limits: SafetyLimits = USUAL_LIMITS,
    adjust: Callable[[Action], Action] | None = None,
    clock: Clock | None = None,
) -> DriveReport:
    """Drive once, from a reset to the end; however it ends, the car is stopped and the recording closed.

    Args:
        environment: where to drive.
        driver: who drives.
        recorder: records every frame; closed at the end.
        rate_hz: ticks per second of the clock, for a world that waits and is to be driven live. None goes as fast as
            the environment allows: a real car sets the pace with its camera, and waiting here would age its frames.
        laps: end after so many completed laps.
        seconds: end after so much of the environment's time (`info["sim_time_s"]` where given, else the clock).
        seed: of the environment's reset.
        start: options of the environment's reset, e.g. `{"progress": 0.5}`.
        on_frame: called after every tick.
        limits: what safety allows.
        adjust: what the motors get for a safe action; recorded is the action itself. Without it
            `copycar.driving.motors.to_motors` says.
        clock: time, for tests.

    Returns:
        What the drive was like; Ctrl-C is a normal end, with `interrupted` set.

    Raises:
        CopycarError: the driver returned an action that is not a number; the recording failed; laps were asked for
            where none are counted.
    """
    clock, adjust = clock or RealClock(), adjust or to_motors(environment)
    with safe_ending(environment, driver, recorder):
        observation, info = environment.reset(seed=seed, options=dict(start or {}))
        driver.reset()
        trip, pace, latency = Trip(info, clock, laps=laps, seconds=seconds), Pace(rate_hz, clock), Durations()
        captured_ns = trip.captured_ns(info)
        with watchdog_for(environment, driver, trip, rate_hz, limits, clock) as watchdog:
            try:
                while not (stopped_by := trip.ended_by(info)):
                    asked_ns = clock.monotonic_ns()
                    wanted = driver.act(observation, info)
                    latency.add(clock.monotonic_ns() - asked_ns)
                    decision = made_safe(wanted, limits, trip.age_s(info, captured_ns))
                    following, _, terminated, truncated, outcome = environment.step(adjust(decision.action).as_array())
                    following_ns = trip.captured_ns(outcome)
                    trip.count_step(terminated, truncated)
                    if recorder:
                        frame = Frame(observation["image"], decision, captured_ns, recorded_extras(info))
                        recorder.put(frame, may_wait=trip.world_waits)
                    if on_frame:
                        on_frame(Tick(observation, info, decision, outcome))
                    observation, info, captured_ns = following, outcome, following_ns
                    pace.wait()
                    watchdog.feed()
            except DriverLeft:
                stopped_by = "driver"
            except KeyboardInterrupt:
                stopped_by = "interrupted"
    steadiness = pace.report()
    return DriveReport(
        frames=trip.steps,
        laps=trip.laps(info),
        seconds=trip.elapsed_s(info),
        rate_hz=steadiness.rate_hz,
        jitter_ms=steadiness.jitter_ms,
        late_ticks=steadiness.late_ticks,
        latency_ms=latency.percentiles_ms(),
        recorded=recorder.recorded if recorder else 0,
        dropped=recorder.dropped if recorder else 0,
        interrupted=stopped_by == "interrupted",
        stopped_by=stopped_by,
        watchdog_stops=watchdog.stops,
    )


def safe_ending(environment: Environment, driver: Driver, recorder: TakesFrames | None) -> ExitStack:
    """Return what, on leaving, stops the car first, then frees the driver's device, then closes the recording."""
    ending = ExitStack()  # runs backwards, and all of it even where a part fails
    if recorder:
        ending.callback(recorder.close)
    if release := ability(driver, "release"):
        ending.callback(release)
    if stop := ability(environment, "stop"):
        ending.callback(stop)
    return ending


def watchdog_for(
    environment: Environment, driver: Driver, trip: Trip, rate_hz: float | None, limits: SafetyLimits, clock: Clock
) -> Watchdog:
    """Return the watchdog of this drive; a world that stands still between steps needs none, and gets a silent one."""
    stop = None if trip.world_waits else ability(environment, "stop")
    slowest_s = PERIODS_OF_SILENCE / rate_hz if rate_hz else 0.0
    must_stand = ability(driver, "must_stand") or (lambda: False)
    return Watchdog(stop, max(limits.watchdog_s, slowest_s), clock, must_stand)
