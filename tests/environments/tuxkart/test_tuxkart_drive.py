import math

import numpy as np
import pytest

from copycar.environments.tuxkart.drive import Drive
from copycar.environments.tuxkart.messages import Seen, TrackShape
from copycar.environments.tuxkart.road import Road

STEP_S = 0.05


def seen(road: Road, arc_m: float, offset_m: float = 0.0, *, is_on_road: bool = True, turned_rad: float = 0.0) -> Seen:
    place, heading_rad = road.place_at(arc_m, offset_m)
    return Seen(None, place, heading_rad + turned_rad, 10.0, is_on_road, 0.3, 1.0, 1, 0.0)


@pytest.fixture(scope="module")
def road() -> Road:
    angle = np.linspace(0, math.tau, 60, endpoint=False)
    return Road.along(
        TrackShape(np.column_stack([50 * np.sin(angle), 0 * angle, 50 * np.cos(angle)]), np.full(60, 10.0))
    )


def driven(road: Road, steps: list[Seen]) -> Drive:
    drive = Drive(road, 0.0, seen(road, 0.0), STEP_S)
    for step in steps:
        drive.follow(step)
    return drive


def test_once_round_is_a_lap_and_its_time_is_the_games(road):
    n_steps = 400
    drive = driven(road, [seen(road, road.line.length_m * step / n_steps) for step in range(1, n_steps + 3)])
    info = drive.info()
    assert info["lap"] == 1
    assert info["lap_time_s"] == pytest.approx(n_steps * STEP_S, abs=2 * STEP_S)
    assert info["sim_time_s"] == pytest.approx((n_steps + 2) * STEP_S)


def test_beyond_the_edge_is_off_the_track_unless_the_game_knows_a_road_there(road):
    way_out = [seen(road, 1.0, offset_m) for offset_m in (2.0, 4.0)]
    assert driven(road, [*way_out, seen(road, 1.0, 5.5, is_on_road=False)]).info()["is_off_track"]
    assert not driven(road, [*way_out, seen(road, 1.0, 5.5, is_on_road=True)]).info()["is_off_track"]


def test_in_the_air_above_the_road_is_not_off_the_track(road):
    assert not driven(road, [seen(road, 1.0, 0.5, is_on_road=False)]).info()["is_off_track"]


def test_a_kart_that_the_game_fetches_was_off_the_track_and_wins_no_distance(road):
    drive = driven(road, [seen(road, 1.0), seen(road, 40.0)])
    assert drive.info()["is_carried"]
    assert drive.info()["is_off_track"]
    assert drive.info()["distance_m"] < 2.0
    drive.follow(seen(road, 40.5))
    assert not drive.info()["is_off_track"]


def test_driving_backwards_is_the_wrong_way_after_half_a_second(road):
    steps = [seen(road, -0.5 * step, turned_rad=math.pi) for step in range(1, 15)]
    assert not driven(road, steps[:9]).info()["is_wrong_way"]
    assert driven(road, steps).info()["is_wrong_way"]
