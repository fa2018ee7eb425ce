"""A drive that cameras saw gets the score card that the simulator would have given."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.evaluation.score_card import ScoreCard
from copycar.ground.course import Course
from copycar.ground.referee import main_path, trace_of
from copycar.ground.tracking import Path

RATE, RADIUS = 20.0, 2.0
ANGLES = np.linspace(0, 2 * np.pi, 400, endpoint=False)
COURSE = Course(RADIUS * np.column_stack([np.cos(ANGLES), np.sin(ANGLES)]), 1.0)
LAP_S = 2 * np.pi * RADIUS / 1.5


def drive(seconds=25.0, outside=0.0, direction=1, speed=1.5, number=1):
    """A path round the circle, `outside` it by so much."""
    count = round(seconds * RATE)
    angle = 0.4 + direction * np.arange(count) / RATE * speed / RADIUS
    points = (RADIUS + np.broadcast_to(outside, count))[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return Path(number, np.arange(count), np.arange(count) / RATE, points, np.full(count, speed), np.ones(count, bool))


def card_of(path, laps=2):
    trace = trace_of(path, COURSE, "rig", laps)
    return trace, ScoreCard.from_trials([trace]).as_json()


@pytest.mark.parametrize(("direction", "error"), [(1, 0.1), (-1, -0.1)])
def test_laps_and_cross_track_error_are_those_of_the_drive(direction, error):
    """Counter-clockwise, outside is right of the line; clockwise it is left."""
    trace, card = card_of(drive(outside=0.1, direction=direction))
    assert card["laps"] == 2
    assert card["route_completion_pct"] == pytest.approx(100, abs=0.5)
    assert card["autonomy_pct"] == 100
    assert trace.lap_times_s() == pytest.approx([LAP_S, LAP_S], abs=0.01)
    assert card["cross_track_error_m"]["mean"] == pytest.approx(0.1, abs=0.01)
    assert np.median(trace.cross_track_error_m) == pytest.approx(error, abs=0.01)
    assert np.abs(trace.heading_error_rad).max() < 0.1
    assert trace.ended == "laps done"


def test_what_cameras_cannot_know_is_not_made_up():
    _, card = card_of(drive())
    assert card["latency_ms"] in (None, {"p50": None, "p95": None})
    assert card["smoothness"] is None


def test_leaving_the_track_is_an_intervention_once():
    outside = np.zeros(500)
    outside[100:140] = 0.8
    outside[300:302] = 0.8  # 0.1 s is an error of measurement
    trace, card = card_of(drive(outside=outside))
    (event,) = trace.interventions
    assert (event.cause, event.t_s) == ("off-track", pytest.approx(5.0, abs=0.1))
    assert card["autonomy_pct"] < 100


def test_standing_on_the_way_is_an_intervention_but_not_before_and_after():
    moving, count = drive(seconds=10), 100
    still = [np.repeat(moving.points_m[place][None], count, axis=0) for place in (0, 99, -1)]
    points = np.concatenate([still[0], moving.points_m[:100], still[1], moving.points_m[100:], still[2]])
    zero = np.zeros(count)
    speed = np.concatenate([zero, moving.speed_mps[:100], zero, moving.speed_mps[100:], zero])
    times = np.arange(len(points)) / RATE
    trace, _ = card_of(Path(1, np.arange(len(points)), times, points, speed, np.ones(len(points), bool)))
    assert [event.cause for event in trace.interventions] == ["stuck"]
    assert trace.interventions[0].t_s == pytest.approx(5 + 3, abs=0.3)
    assert trace.duration_s == pytest.approx(15, abs=0.2)


def test_the_car_that_drove_farthest_is_judged_or_the_one_that_is_named():
    paths = [drive(seconds=5, number=1), drive(seconds=9, number=2, direction=-1), drive(seconds=7, number=3)]
    assert main_path(paths, COURSE).number == 2
    assert main_path(paths, COURSE, 3).number == 3
    with pytest.raises(CopycarError, match="no track has the number 9") as error:
        main_path(paths, COURSE, 9)
    assert "1, 2, 3" in error.value.fix
    with pytest.raises(CopycarError, match="saw no car"):
        main_path([], COURSE)


def test_a_car_that_stood_all_the_time_is_no_drive():
    with pytest.raises(CopycarError, match="hardly moves"):
        trace_of(drive(speed=0.0), COURSE, "rig", 1)
