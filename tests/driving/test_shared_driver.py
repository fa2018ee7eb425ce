"""Who drives when a human and a policy share the wheel."""

import numpy as np
import pytest

from copycar.core.clock import FakeClock
from copycar.core.errors import CopycarError
from copycar.core.frame import STOP, Action
from copycar.driving.controls import Controls
from copycar.driving.driver import DriverLeft
from copycar.driving.drivers.shared import BACK_AT_ONCE_S, SharedDriver, decided
from copycar.driving.loop import drive
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleTrack

SEEN = {"image": np.zeros((2, 3, 3), np.uint8)}
POLICY = ScriptedDriver(lambda tick, observation, info: Action(-0.4, 0.8))


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def driver(clock):
    driver = SharedDriver(clock)
    driver.reset()
    driver.swap(POLICY)
    driver.change(throttle_max=1.0)
    return driver


def say(driver, clock, steering=0.0, throttle=0.0, touching=False):
    driver.hand.say(Action(steering, throttle), is_touching=touching, number=1, seen_ns=clock.monotonic_ns())


@pytest.mark.parametrize(
    ("mode", "touching", "steering", "source", "action"),
    [
        ("manual", False, 0.9, "human", Action(0.9, 0.3)),
        ("manual", True, 0.9, "human", Action(0.9, 0.3)),
        ("assisted", False, 0.0, "assisted", Action(-0.4, 0.3)),
        ("assisted", True, 0.05, "assisted", Action(-0.4, 0.3)),
        ("assisted", True, 0.9, "correction", Action(0.9, 0.3)),
        ("autonomous", False, 0.9, "policy", Action(-0.4, 0.8)),
        ("autonomous", True, 0.9, "correction", Action(0.9, 0.3)),
        ("autonomous", True, 0.0, "correction", Action(0.0, 0.3)),
    ],
)
def test_the_table_of_takeovers(driver, clock, mode, touching, steering, source, action):
    driver.change(mode=mode)
    say(driver, clock, steering, 0.3, touching)
    decision = driver.act(SEEN, {})
    assert (decision.source, decision.action, decision.label) == (source, action, action)


@pytest.mark.parametrize("mode", ["manual", "assisted", "autonomous"])
@pytest.mark.parametrize("touching", [False, True])
def test_whoever_drives_a_stopped_or_a_lost_car_stands(mode, touching):
    human, wish = Action(1.0, 1.0), Action(-1.0, 1.0)
    for controls, is_lost in ((Controls(mode, is_stopped=True), False), (Controls(mode), True)):
        decision = decided(controls, human, wish, is_touching=touching, is_lost=is_lost)
        assert (decision.source, decision.action) == ("nobody", STOP)


def test_letting_go_gives_the_policy_back_in_the_next_tick(driver, clock):
    driver.change(mode="autonomous")
    sources = []
    for touching in (False, True, True, False):
        say(driver, clock, 0.5, 0.5, touching)
        sources.append(driver.act(SEEN, {}).source)
    assert sources == ["policy", "correction", "correction", "policy"]


def test_a_policy_rides_along_while_the_human_drives(driver, clock):
    say(driver, clock, 0.2, 0.1)
    driver.act(SEEN, {})
    assert (driver.shared.human, driver.shared.policy) == (Action(0.2, 0.1), Action(-0.4, 0.8))


def test_a_short_silence_stops_the_car_and_the_policy_goes_on_after_it(driver, clock):
    driver.change(mode="autonomous")
    say(driver, clock)
    clock.sleep(0.25)
    assert driver.act(SEEN, {}).action == STOP
    say(driver, clock)
    assert driver.act(SEEN, {}).source == "policy"


def test_after_a_long_silence_the_car_waits_for_a_human(driver, clock):
    driver.change(mode="autonomous")
    for _ in range(20):
        clock.sleep(BACK_AT_ONCE_S / 10)
        assert driver.act(SEEN, {}).action == STOP
    say(driver, clock)
    assert driver.act(SEEN, {}).source == "human"


def test_without_a_policy_every_mode_is_the_humans(driver, clock):
    driver.change(mode="autonomous")
    driver.swap(None)
    assert driver.controls.mode == "manual"
    say(driver, clock, 0.2)
    assert driver.act(SEEN, {}).source == "human"


def test_limits_hold_for_human_and_policy(driver, clock):
    driver.change(throttle_max=0.5, throttle_scale=0.5)
    say(driver, clock, 0.0, 1.0)
    driver.act(SEEN, {})
    assert driver.shared.human.throttle == 0.5
    assert driver.shared.policy.throttle == 0.4
    driver.change(throttle_scale=2.0)
    driver.act(SEEN, {})
    assert driver.shared.policy.throttle == 0.5


@pytest.mark.parametrize(("stick", "throttle"), [(0.0, 0.4), (1.0, 0.4), (-0.5, -0.2)])
def test_constant_throttle_drives_until_the_stick_says_otherwise(stick, throttle):
    human = Controls(throttle_max=0.4, is_constant_throttle=True).of_human(Action(0.3, stick))
    assert human == Action(0.3, pytest.approx(throttle))


@pytest.mark.parametrize("wrong", [{"mode": "auto"}, {"throttle_max": 1.1}, {"throttle_scale": float("nan")}])
def test_what_cannot_be_set_changes_nothing(driver, wrong):
    before = driver.controls
    with pytest.raises(CopycarError):
        driver.change(**wrong)
    assert driver.controls == before


def test_it_drives_in_the_one_loop_and_leaves_when_asked():
    clock, ticks = FakeClock(), []
    environment = CircleTrack(clock=clock)

    def look(observation, info, decision):
        ticks.append(decision.source)
        say(driver, clock, throttle=1.0)
        if len(ticks) == 5:
            driver.leave()

    driver = SharedDriver(clock, look)
    report = drive(environment, driver, clock=clock)
    assert (report.stopped_by, ticks) == ("driver", ["nobody", *["human"] * 4])


def test_leaving_holds_for_a_drive_that_has_not_begun_until_it_is_taken_back(driver, clock):
    driver.leave()
    driver.reset()
    with pytest.raises(DriverLeft):
        driver.act(SEEN, {})
    driver.stay()
    driver.act(SEEN, {})
