import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.clock import FakeClock
from copycar.driving.pace import Pace


def test_small_delays_do_not_add_up():
    clock = FakeClock()
    pace = Pace(10, clock)
    for _ in range(100):
        clock.sleep(0.03)
        pace.wait()
    assert clock.monotonic_ns() == 10_000_000_000
    assert pace.report().rate_hz == pytest.approx(10)
    assert pace.report().late_ticks == 0


def test_late_tick_is_counted_and_its_delay_made_up_for():
    clock = FakeClock()
    pace = Pace(10, clock)
    clock.sleep(0.15)
    pace.wait()
    pace.wait()
    assert pace.report().late_ticks == 1
    assert clock.monotonic_ns() == 200_000_000


def test_long_hang_is_not_caught_up_by_driving_faster():
    clock = FakeClock()
    pace = Pace(10, clock)
    clock.sleep(5.0)
    pace.wait()
    pace.wait()
    assert clock.monotonic_ns() == 5_100_000_000


def test_jitter_is_the_distance_from_the_wanted_interval():
    clock = FakeClock()
    pace = Pace(10, clock)
    for interval_s in (0.13, 0.07, 0.13, 0.07):
        clock.sleep(interval_s)
        pace.wait()
    assert pace.report().jitter_ms["p50"] == pytest.approx(30)


def test_without_a_wanted_rate_nothing_waits_and_jitter_is_unknown():
    clock = FakeClock()
    pace = Pace(None, clock)
    pace.wait()
    assert clock.monotonic_ns() == 0
    assert pace.report().rate_hz is None
    assert pace.report().jitter_ms == {"p50": None, "p95": None}


@given(st.lists(st.floats(0.0, 0.3), min_size=1, max_size=60))
def test_never_faster_than_wanted_but_by_one_made_up_tick(work_s):
    clock = FakeClock()
    pace = Pace(10, clock)
    for seconds in work_s:
        clock.sleep(seconds)
        pace.wait()
    assert clock.monotonic_ns() >= (len(work_s) - 1) * 100_000_000
