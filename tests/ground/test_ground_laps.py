"""Lap times are finer than the moments between which the line is crossed."""

import json

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.course import Course, read_course, write_course
from copycar.ground.lap_truth import lap_errors_s
from copycar.ground.laps import crossings, drive_of
from copycar.ground.scene import Moment, Truth
from copycar.ground.speed_picture import write_speed_picture
from copycar.ground.tracking import Path

RATE, RADIUS = 20.0, 2.0
ANGLES = np.linspace(0, 2 * np.pi, 200, endpoint=False)
COURSE = Course(RADIUS * np.column_stack([np.cos(ANGLES), np.sin(ANGLES)]), 1.0)


def drive(speed_mps=1.5, seconds=25.0, start=-0.3, offset=0.0, direction=1):
    """A path round the circle at constant speed, `offset` outside the line."""
    count = round(seconds * RATE)
    angle = start + direction * np.arange(count) / RATE * speed_mps / RADIUS
    points = (RADIUS + np.broadcast_to(offset, count))[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return Path(
        1, np.arange(count), np.arange(count) / RATE, points, np.full(count, speed_mps), np.ones(count, dtype=bool)
    )


@pytest.mark.parametrize("direction", [1, -1])
def test_laps_are_timed_between_moments(direction):
    lap_s = 2 * np.pi * RADIUS / 1.5
    found = drive_of(drive(direction=direction), COURSE)
    assert len(found.laps) == 2
    for lap in found.laps:
        assert lap.time_s == pytest.approx(lap_s, abs=0.002)
        assert sum(lap.sectors_s) == pytest.approx(lap.time_s)
        np.testing.assert_allclose(lap.sectors_s, lap_s / 3, atol=0.01)


def test_noise_of_two_centimetres_leaves_laps_within_50_ms():
    path = drive()
    noisy = Path(
        1,
        path.moments,
        path.times_s,
        path.points_m + np.random.default_rng(0).normal(0, 0.02, path.points_m.shape),
        path.speed_mps,
        path.is_seen,
    )
    lap_s = 2 * np.pi * RADIUS / 1.5
    assert all(abs(lap.time_s - lap_s) < 0.05 for lap in drive_of(noisy, COURSE).laps)


def test_less_than_a_lap_is_no_lap():
    found = drive_of(drive(seconds=8.0), COURSE)
    assert found.laps == ()
    assert found.as_json()["best_lap_s"] is None


def test_rocking_over_the_line_is_one_crossing():
    driven = np.array([9.0, 10.5, 9.5, 10.2, 11.0])
    when = crossings(driven, np.arange(5.0), np.array([10.0, 12.0]))
    assert when[0] == pytest.approx(2 / 3)
    assert np.isnan(when[1])


def test_leaving_the_track_is_told_with_place_and_duration():
    offset = np.zeros(500)
    offset[100:130] = 0.8  # the road ends 0.5 m beside the line
    offset[300:302] = 0.8  # 0.1 s is an error of measurement
    (event,) = drive_of(drive(offset=offset), COURSE).excursions
    assert event.start_s == pytest.approx(5.0)
    assert event.duration_s == pytest.approx(1.5)
    assert event.farthest_m == pytest.approx(0.3, abs=0.01)


def test_speed_is_told_along_the_course():
    found = drive_of(drive(), COURSE)
    assert found.mean_speed_mps == pytest.approx(1.5)
    np.testing.assert_allclose(found.profile[:, 1], 1.5)
    assert found.profile[-1, 0] < COURSE.length_m


def test_the_speed_picture_is_a_png(tmp_path):
    write_speed_picture(tmp_path / "speed.png", [drive_of(drive(), COURSE)], COURSE.length_m)
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")


def test_a_course_reads_back(tmp_path):
    write_course(tmp_path / "course.json", COURSE)
    assert read_course(tmp_path / "course.json").length_m == pytest.approx(COURSE.length_m, abs=0.01)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"line_m": [[0, 0], [1, 1]], "width_m": 1},
        {"line_m": "round", "width_m": 1},
        {"line_m": [[0, 0]] * 4, "width_m": 0},
    ],
)
def test_a_damaged_course_is_named(tmp_path, values):
    (tmp_path / "course.json").write_text(json.dumps(values))
    with pytest.raises(CopycarError, match=r"course\.json"):
        read_course(tmp_path / "course.json")


def test_no_course_says_how_to_make_one(tmp_path):
    with pytest.raises(CopycarError) as error:
        read_course(tmp_path / "course.json")
    assert "line_m" in error.value.fix


def test_measured_laps_are_compared_with_the_labels():
    true = drive()
    moments = [
        Moment(number, (), Truth(np.array([point, (9.0, 9.0)]), np.array([4, 5])))
        for number, point in enumerate(true.points_m)
    ]
    later = Path(1, *(part[5:] for part in (true.moments, true.times_s, true.points_m, true.speed_mps, true.is_seen)))
    np.testing.assert_allclose(lap_errors_s([later], moments, COURSE, RATE), [0, 0], atol=1e-9)
    assert len(lap_errors_s([later], [], COURSE, RATE)) == 0
