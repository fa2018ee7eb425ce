import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.environments.track.laps import LapCounter

LAP_M = 20.0


class Drive:
    """A counter that is moved in small steps, forward or backward, at 2 m/s."""

    def __init__(self, start_m: float = 0.0) -> None:
        self.counter, self.time_s = LapCounter(LAP_M, start_m), 0.0

    def by(self, *distances_m: float) -> LapCounter:
        for distance in distances_m:
            n_steps = math.ceil(abs(distance) / 0.15)
            for _ in range(n_steps):
                self.time_s += abs(distance) / n_steps / 2.0
                self.counter.advance((self.counter.arc_m + distance / n_steps) % LAP_M, self.time_s)
        return self.counter


def test_a_full_turn_is_a_lap_with_its_time() -> None:
    counter = Drive().by(20.1)
    assert counter.lap == 1
    assert counter.lap_time_s == pytest.approx(10.0, abs=0.1)
    assert counter.progress == pytest.approx(0.1 / LAP_M, abs=1e-9)


def test_rocking_over_the_start_line_is_no_lap() -> None:
    counter = Drive().by(1.0, *[-2.0, 2.0] * 30)
    assert counter.lap == 0
    assert counter.lap_time_s is None


def test_reversing_undoes_a_lap_and_driving_it_again_gives_it_back_once() -> None:
    drive = Drive()
    assert drive.by(20.5).lap == 1
    assert drive.by(-1.0).lap == 0
    assert drive.by(1.0).lap == 1
    assert drive.by(19.0).lap == 1


def test_backward_laps_must_be_driven_forward_again() -> None:
    counter = Drive().by(-40.0, 41.0)
    assert counter.lap == 0


def test_a_start_in_mid_lap_needs_the_whole_lap_after_the_line() -> None:
    drive = Drive(15.0)
    assert drive.by(6.0).lap == 0
    counter = drive.by(19.5)
    assert counter.lap == 1
    assert counter.lap_time_s == pytest.approx(10.0, abs=0.2)


def test_a_short_cut_loses_the_lap() -> None:
    drive = Drive()
    drive.by(2.0)
    drive.counter.advance(17.0, drive.time_s)  # across the grass
    assert drive.by(4.0).lap == 0
    assert drive.by(20.0).lap == 1


@given(st.lists(st.floats(-15, 15), min_size=1, max_size=12))
def test_distance_is_the_sum_of_what_was_driven(distances_m: list[float]) -> None:
    counter = Drive().by(*distances_m)
    assert counter.distance_m == pytest.approx(sum(distances_m), abs=1e-6)
    assert 0 <= counter.progress < 1
    assert counter.lap == max(0, math.floor(sum(distances_m) / LAP_M + 1e-12)) or abs(counter.progress - 1) < 1e-6
