import math

import numpy as np

from copycar.environments.track import traffic
from copycar.environments.track.line import Line
from copycar.environments.track.shapes import centre_curve

LINE = Line.through(centre_curve("oval"))


def test_cars_drive_on_and_never_run_into_each_other() -> None:
    cars = traffic.spread(5, LINE, 0.0, np.random.default_rng(0))
    for _ in range(2000):
        traffic.advance(cars, LINE, 0.0, -2.0, 0.05)
        arcs = sorted(car.arc_m for car in cars)
        gaps = [(after - before) % LINE.length_m for before, after in zip(arcs, arcs[1:] + arcs[:1], strict=True)]
        assert min(gaps) > 0.5
    assert all(car.speed_mps > 0.3 for car in cars)


def test_cars_wait_behind_a_car_that_stands_in_their_lane() -> None:
    cars = traffic.spread(1, LINE, 0.0, np.random.default_rng(0))
    blocked_arc = (cars[0].arc_m + 3.0) % LINE.length_m
    for _ in range(400):
        traffic.advance(cars, LINE, blocked_arc, traffic.LANE_OFFSET_M, 0.05)
    assert cars[0].speed_mps < 0.01
    assert 0.5 < math.remainder(blocked_arc - cars[0].arc_m, LINE.length_m) < 1.0
