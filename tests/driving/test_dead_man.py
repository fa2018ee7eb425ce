"""However a driver goes, the car stands within 300 ms: taken at what it is told, on a clock that nobody can delay."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.clock import FakeClock
from copycar.core.frame import Action
from copycar.driving.drivers.shared import SharedDriver
from copycar.driving.hand import SILENCE_S_MAX
from copycar.driving.loop import drive
from copycar.driving.stopping_time import StoppingTime
from copycar.driving.watchdog import CHECK_S_MAX
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleTrack

LIMIT_MS = 300
SPEAKS_MS = 33  # as the drive page
AHEAD = Action(0.0, 1.0)


class PageClock(FakeClock):
    """A clock on which a page speaks, until it goes."""

    def __init__(self, gone_ms, leaves):
        super().__init__()
        self.gone_ms, self.leaves, self.hand = gone_ms, leaves, None

    def sleep(self, seconds):
        for _ in range(round(seconds * 1000)):
            super().sleep(0.001)
            self.page(self.monotonic_ns() // 1_000_000)

    def page(self, now_ms):
        if now_ms < self.gone_ms and now_ms % SPEAKS_MS == 0:
            self.hand.say(AHEAD, is_touching=False, number=1, seen_ns=self.monotonic_ns())
        if now_ms == self.gone_ms and self.leaves:
            self.hand.let_go()


class ToldCar(CircleTrack):
    """Keeps when it was told how much throttle."""

    def __init__(self, clock, rate_hz, waits):
        super().__init__(rate_hz=rate_hz, clock=None if waits else clock)
        self.times, self.told = clock, []

    def step(self, action):
        self.told.append((self.times.monotonic_ns() / 1e6, float(action[1])))
        return super().step(action)


def slow_policy(clock, seconds):
    def think(*_):
        clock.sleep(seconds)
        return AHEAD

    return ScriptedDriver(think)


@settings(deadline=None, max_examples=40)
@given(
    gone_ms=st.integers(500, 700),
    leaves=st.booleans(),
    waits=st.booleans(),
    mode=st.sampled_from(["manual", "autonomous"]),
    rate_hz=st.sampled_from([12.5, 20, 50]),
)
def test_the_throttle_is_0_within_300_ms_of_the_last_word(gone_ms, leaves, waits, mode, rate_hz):
    clock = PageClock(gone_ms, leaves)
    driver = SharedDriver(clock)
    clock.hand = driver.hand
    driver.swap(slow_policy(clock, 0.02))
    driver.change(mode=mode)
    car, stopping_time = ToldCar(clock, rate_hz, waits), StoppingTime(driver.hand, clock)

    def last_door(action):
        stopping_time.note(action.throttle, 1 / rate_hz if waits else None)
        return action

    report = drive(car, driver, rate_hz=rate_hz if waits else None, seconds=1.2, adjust=last_door, clock=clock)
    driven = [at_ms for at_ms, throttle in car.told if throttle]
    stood_ms = next(at_ms for at_ms, throttle in car.told if at_ms > driven[-1] and throttle == 0)
    last_word_ms = gone_ms if leaves else (gone_ms - 1) // SPEAKS_MS * SPEAKS_MS
    assert driven
    assert stood_ms - last_word_ms <= LIMIT_MS
    assert 0 <= stopping_time.latest_ms <= LIMIT_MS
    if not waits:
        assert stopping_time.latest_ms == pytest.approx(stood_ms - last_word_ms)
    assert report.watchdog_stops == 0


def test_a_loop_that_is_too_slow_for_that_is_overtaken_by_the_watchdog():
    clock, stopped = FakeClock(), threading.Event()

    class Car(CircleTrack):
        def stop(self):
            super().stop()
            stopped.set()

    def think(tick, *_):
        if tick == 3:
            clock.sleep(SILENCE_S_MAX + 0.01)  # the human says nothing meanwhile; no silence of the loop yet
            assert stopped.wait(timeout=10)
        return AHEAD

    driver = SharedDriver(clock)
    driver.swap(ScriptedDriver(think))
    driver.change(mode="autonomous", throttle_max=1.0)
    environment = Car(clock=clock)

    def speak(tick):
        driver.hand.say(AHEAD, is_touching=False, number=1, seen_ns=clock.monotonic_ns())

    report = drive(environment, driver, seconds=0.3, clock=clock, on_frame=speak)
    assert [float(action[1]) for action in environment.actions][2:4] == [1.0, 0.0]
    assert report.watchdog_stops == 0
    assert SILENCE_S_MAX + CHECK_S_MAX < LIMIT_MS / 1000


@pytest.mark.parametrize("wanted", [{"is_stopped": True}, {}])
def test_a_decision_must_not_go_on_once_somebody_stops_the_car_or_the_driver_goes(wanted):
    clock = FakeClock()
    driver = SharedDriver(clock)
    driver.reset()
    driver.hand.say(AHEAD, is_touching=True, number=1, seen_ns=0)
    driver.act({}, {})
    assert not driver.must_stand()
    driver.change(**wanted) if wanted else driver.hand.let_go()
    assert driver.must_stand()
    driver.act({}, {})
    assert not driver.must_stand()  # the car has been told


def test_letting_go_of_a_standing_car_is_no_loss():
    clock = FakeClock()
    driver = SharedDriver(clock)
    stopping_time = StoppingTime(driver.hand, clock)
    for throttle in (0.0, 0.5, 0.0):
        driver.hand.say(Action(0.0, throttle), is_touching=True, number=1, seen_ns=clock.monotonic_ns())
        stopping_time.note(throttle, None)
    driver.hand.let_go()
    stopping_time.note(0.0, None)
    assert stopping_time.latest_ms is None
