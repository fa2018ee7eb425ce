import threading

import numpy as np
import pytest

from copycar.core.clock import FakeClock
from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.calibration import Calibration
from copycar.driving.driver import DriverLeft
from copycar.driving.loop import drive
from copycar.driving.make import make_driver
from copycar.driving.recorder import Recorder
from copycar.driving.safety import SafetyLimits
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleTrack
from copycar.testing.writer import ListWriter

AHEAD = Action(0.0, 0.3)


def ahead() -> ScriptedDriver:
    return ScriptedDriver(lambda *_: AHEAD)


def raising_at(tick: int, error: type[BaseException]) -> ScriptedDriver:
    def script(now, *_):
        if now == tick:
            raise error
        return AHEAD

    return ScriptedDriver(script)


def test_drive_ends_after_the_laps_asked_for():
    environment = CircleTrack()
    report = drive(environment, make_driver("expert", environment), laps=2)
    assert (report.laps, report.stopped_by, report.interrupted) == (2, "laps", False)
    assert report.frames == len(environment.actions)


def test_drive_ends_after_the_seconds_of_the_simulated_world():
    report = drive(CircleTrack(rate_hz=20), ahead(), seconds=1.5)
    assert (report.frames, report.seconds, report.stopped_by) == (30, pytest.approx(1.5), "seconds")


def test_drive_ends_after_the_seconds_of_the_clock_where_the_world_does_not_wait():
    clock = FakeClock()
    report = drive(CircleTrack(clock=clock), ahead(), seconds=1.0, clock=clock)
    assert (report.frames, report.seconds) == (20, pytest.approx(1.0))


def test_drive_ends_when_the_environment_terminates():
    report = drive(CircleTrack(ends_off_track=True), ahead(), seconds=60)
    assert report.stopped_by == "terminated"
    assert 0 < report.seconds < 60


def test_drive_asked_for_nothing_drives_nothing():
    assert drive(CircleTrack(), ahead(), seconds=0).frames == 0


def test_laps_where_none_are_counted_are_refused():
    class Uncounted(CircleTrack):
        def reset(self, **options):
            observation, info = super().reset(**options)
            del info["lap"]
            return observation, info

    with pytest.raises(CopycarError, match="counts no laps"):
        drive(Uncounted(), ahead(), laps=1)


def test_start_and_seed_reach_the_reset():
    seen = []
    drive(CircleTrack(), ahead(), seconds=0.05, start={"progress": 0.5}, on_frame=lambda tick: seen.append(tick.info))
    assert seen[0]["progress"] == pytest.approx(0.5)


def test_driver_may_leave():
    report = drive(CircleTrack(), raising_at(3, DriverLeft), seconds=9)
    assert (report.stopped_by, report.frames, report.interrupted) == ("driver", 3, False)


def test_interrupt_stops_the_car_and_keeps_every_frame():
    environment, writer, driver = CircleTrack(), ListWriter(), raising_at(7, KeyboardInterrupt)
    report = drive(environment, driver, recorder=Recorder(writer), seconds=9)
    assert report.interrupted
    assert report.stopped_by == "interrupted"
    assert report.recorded == len(writer.frames) == 7
    assert writer.is_closed
    assert environment.stops == 1
    assert driver.releases == 1


def test_any_other_error_stops_the_car_and_keeps_every_frame():
    environment, writer = CircleTrack(), ListWriter()
    with pytest.raises(ZeroDivisionError):
        drive(environment, raising_at(4, ZeroDivisionError), recorder=Recorder(writer), seconds=9)
    assert (len(writer.frames), writer.is_closed, environment.stops) == (4, True, 1)


@pytest.mark.parametrize("broken", [Action(float("nan"), 0.3), Action(0.0, float("inf"))])
def test_action_that_is_not_a_number_stops_the_car_and_never_reaches_it(broken):
    environment, writer = CircleTrack(), ListWriter()
    driver = ScriptedDriver(lambda tick, *_: broken if tick == 5 else AHEAD)
    with pytest.raises(CopycarError, match="not a number; the car was stopped"):
        drive(environment, driver, recorder=Recorder(writer), seconds=9)
    assert environment.stops == 1
    assert len(environment.actions) == len(writer.frames) == 5
    assert np.isfinite(environment.actions).all()


def test_full_disk_stops_the_car_and_keeps_what_was_written():
    environment, writer = CircleTrack(), ListWriter(full_at=6)
    with pytest.raises(CopycarError, match="after 6 frames, which are safe"):
        drive(environment, ahead(), recorder=Recorder(writer), seconds=1000)
    assert (len(writer.frames), writer.is_closed, environment.stops) == (6, True, 1)


def test_recording_pairs_each_image_with_the_action_decided_on_it():
    environment, writer, seen = CircleTrack(), ListWriter(), []
    driver = ScriptedDriver(lambda tick, *_: Action(tick / 100, 0.4))
    drive(environment, driver, recorder=Recorder(writer), seconds=2, on_frame=seen.append)
    assert [frame.decision.action.steering for frame in writer.frames] == [tick / 100 for tick in range(40)]
    for frame, tick in zip(writer.frames, seen, strict=True):
        assert frame.image is tick.observation["image"]
        assert frame.extras["track/cross_track_error_m"] == tick.info["cross_track_error_m"]


def test_recorded_times_are_those_of_the_simulated_world():
    writer = ListWriter()
    drive(CircleTrack(rate_hz=20), ahead(), recorder=Recorder(writer), seconds=1)
    assert set(np.diff([frame.t_ns for frame in writer.frames])) == {50_000_000}


def test_no_frame_is_dropped_where_the_world_waits():
    writer = ListWriter()
    report = drive(CircleTrack(), ahead(), recorder=Recorder(writer, queue_limit=1), seconds=20)
    assert (report.dropped, report.recorded, len(writer.frames)) == (0, 400, 400)


def test_tick_tells_what_came_of_it():
    ticks = []
    environment = CircleTrack()
    drive(environment, make_driver("expert", environment), laps=1, on_frame=ticks.append)
    assert (ticks[-1].info["lap"], ticks[-1].outcome["lap"]) == (0, 1)
    assert ticks[-1].outcome["lap_time_s"] is not None


def test_decision_on_an_old_frame_gets_no_throttle():
    clock = FakeClock()
    environment = CircleTrack(clock=clock)

    def slow_once(tick, *_):
        clock.sleep(0.6 if tick == 2 else 0.0)
        return AHEAD

    drive(environment, ScriptedDriver(slow_once), seconds=1, clock=clock)
    throttles = [float(action[1]) for action in environment.actions]
    assert throttles[2] == 0.0
    assert throttles[3] == pytest.approx(0.3)


def test_frame_that_was_old_when_it_came_gets_no_throttle_and_its_true_time():
    class Delayed(CircleTrack):
        def step(self, action):
            *rest, info = super().step(action)
            return *rest, {**info, "frame_age_s": 0.7}

    clock, writer = FakeClock(), ListWriter()
    environment = Delayed(clock=clock)
    drive(environment, ahead(), recorder=Recorder(writer), seconds=1, clock=clock)
    assert [float(action[1]) for action in environment.actions] == [pytest.approx(0.3), *[0.0] * 19]
    assert writer.frames[1].t_ns == 50_000_000 - 700_000_000


def test_slow_driver_loses_no_throttle_where_the_world_waits():
    clock = FakeClock()
    environment = CircleTrack()

    def slow(*_):
        clock.sleep(5.0)
        return AHEAD

    report = drive(environment, ScriptedDriver(slow), seconds=0.5, clock=clock)
    assert [float(action[1]) for action in environment.actions] == [pytest.approx(0.3)] * 10
    assert report.watchdog_stops == 0


def test_latency_is_the_time_of_the_driver_alone():
    clock = FakeClock()

    def slow(*_):
        clock.sleep(0.012)
        return AHEAD

    report = drive(CircleTrack(clock=clock), ScriptedDriver(slow), seconds=1, clock=clock)
    assert report.latency_ms == {"p50": pytest.approx(12), "p95": pytest.approx(12)}


def test_hanging_driver_is_stopped_by_the_watchdog_and_told_of():
    clock = FakeClock()
    stopped = threading.Event()

    class Car(CircleTrack):
        def stop(self):
            super().stop()
            stopped.set()

    def hang_once(tick, *_):
        if tick == 3:
            clock.sleep(2.0)
            assert stopped.wait(timeout=10)
        return AHEAD

    environment = Car(clock=clock)
    report = drive(environment, ScriptedDriver(hang_once), seconds=3, clock=clock)
    assert report.watchdog_stops == 1
    assert environment.stops == 2  # the watchdog's, and the one at the end
    assert float(environment.actions[3][1]) == 0.0  # what it decided meanwhile is too old


def test_throttle_limit_holds_for_car_and_recording():
    environment, writer = CircleTrack(), ListWriter()
    full = ScriptedDriver(lambda *_: Action(0.0, 1.0))
    drive(environment, full, recorder=Recorder(writer), seconds=1, limits=SafetyLimits(throttle_max=0.25))
    assert {float(action[1]) for action in environment.actions} == {0.25}
    assert {frame.decision.label.throttle for frame in writer.frames} == {0.25}


def test_motors_get_the_adjusted_action_and_the_recording_what_was_meant():
    environment, writer = CircleTrack(), ListWriter()
    gently = ScriptedDriver(lambda *_: Action(0.5, 0.25))
    halve = Calibration(steering_right=0.5, throttle_forward=0.5).applied
    drive(environment, gently, recorder=Recorder(writer), seconds=0.5, adjust=halve)
    assert {tuple(action.tolist()) for action in environment.actions} == {(0.25, 0.125)}
    assert {frame.decision.action for frame in writer.frames} == {Action(0.5, 0.25)}


def test_wanted_rate_is_kept_on_the_clock():
    clock = FakeClock()
    report = drive(CircleTrack(rate_hz=50, clock=clock), ahead(), rate_hz=20, seconds=1, clock=clock)
    assert report.rate_hz == pytest.approx(20)
    assert report.jitter_ms == {"p50": pytest.approx(0), "p95": pytest.approx(0)}


def test_abilities_are_found_through_gymnasium_wrappers():
    gymnasium = pytest.importorskip("gymnasium")
    environment = CircleTrack()
    wrapped = gymnasium.wrappers.TimeLimit(environment, max_episode_steps=5)
    report = drive(wrapped, make_driver("expert", wrapped), seconds=60)
    assert (report.stopped_by, report.frames, environment.stops) == ("truncated", 5, 1)


def test_report_is_plain_json():
    report = drive(CircleTrack(), ahead(), seconds=0.1).as_json()
    assert report["jitter_ms"] == {"p50": None, "p95": None}
    assert {"frames", "laps", "seconds", "rate_hz", "recorded", "dropped", "stopped_by"} <= set(report)
