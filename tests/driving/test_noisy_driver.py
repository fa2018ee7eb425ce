import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.frame import Action
from copycar.driving.drivers.constant import ConstantDriver
from copycar.driving.drivers.noisy import NoisyDriver
from copycar.driving.loop import drive
from copycar.driving.make import make_driver
from copycar.driving.recorder import Recorder
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import HALF_ROAD_M, CircleTrack
from copycar.testing.writer import ListWriter

WANTED = Action(0.1, 0.4)


def decisions(noise: float, seed: int, ticks: int = 400, rate_hz: float = 20.0):
    driver = NoisyDriver(ConstantDriver(WANTED), noise, seed=seed, rate_hz=rate_hz)
    driver.reset()
    return [driver.act({}, {}) for _ in range(ticks)]


def pushes(*args, **options):
    return np.array([decision.action.steering - WANTED.steering for decision in decisions(*args, **options)])


@settings(max_examples=25)
@given(st.floats(0.01, 1.0), st.integers(0, 1000))
def test_label_is_clean_and_only_steering_is_disturbed_within_the_noise(noise, seed):
    for decision in decisions(noise, seed):
        assert decision.label == WANTED
        assert decision.action.throttle == WANTED.throttle
        assert abs(decision.action.steering - WANTED.steering) <= noise + 1e-9
        assert -1 <= decision.action.steering <= 1


def test_same_seed_disturbs_the_same():
    assert decisions(0.5, 3) == decisions(0.5, 3)
    assert decisions(0.5, 3) != decisions(0.5, 4)


def test_disturbances_are_slow_and_leave_most_of_the_drive_calm():
    noise = pushes(0.5, 0, ticks=4000)
    assert 0.1 < np.mean(noise != 0) < 0.4
    assert np.abs(np.diff(noise)).max() < 0.5 / 4  # at least 0.2 s to the peak
    assert noise.min() < -0.25
    assert noise.max() > 0.25


def test_disturbances_last_as_long_at_every_rate():
    assert np.mean(pushes(0.5, 0, 2000, 20.0) != 0) == pytest.approx(np.mean(pushes(0.5, 0, 6000, 60.0) != 0), abs=0.05)


def test_every_drive_begins_calmly():
    driver = NoisyDriver(ConstantDriver(WANTED), 0.5)
    for _ in range(50):
        driver.reset()
        assert driver.act({}, {}).action == WANTED


def test_recoveries_get_recorded_and_the_car_stays_on_the_road():
    environment, writer = CircleTrack(), ListWriter()
    drive(environment, make_driver("expert", environment, noise=0.6, seed=1), recorder=Recorder(writer), laps=4)
    offsets = np.array([frame.extras["track/cross_track_error_m"] for frame in writer.frames])
    assert 0.05 < np.abs(offsets).max() < HALF_ROAD_M
    labels = np.array([frame.decision.label.steering for frame in writer.frames])
    assert labels[offsets > 0.04].mean() < labels[offsets < -0.04].mean()


def test_real_driver_lets_go():
    driver = ScriptedDriver(lambda *_: WANTED)
    NoisyDriver(driver, 0.5).release()
    NoisyDriver(ConstantDriver(), 0.5).release()
    assert driver.releases == 1
