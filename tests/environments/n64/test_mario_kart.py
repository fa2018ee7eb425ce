"""What copycar reads off Mario Kart 64, on recorded frames of the game: a lap of Luigi Raceway and half another."""

import itertools
import math

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.environments.n64.mario_kart.course_map import CourseMap
from copycar.environments.n64.mario_kart.dashboard import find_shift, native, read_dashboard
from copycar.environments.n64.mario_kart.guide import MarioKart
from copycar.environments.n64.mario_kart.marker import find_marker
from copycar.tubs.formats.png import decode_png

N_FRAMES = 240
SECOND_LAP = 164
BLINKING = {165, 167, 169}  # at the end of a lap the time goes on and off
SHIFT = (1, 6)  # the recorder took the game's window with its frame
STEP_S = 0.27


def screen(recording, number):
    return decode_png((recording / f"img_{number}.png").read_bytes())


def steps(progress):
    return [math.remainder(after - before, 1.0) for before, after in itertools.pairwise(progress)]


@pytest.fixture(scope="module")
def recording(shared_data):
    return shared_data / "tensorkart-mk64"


@pytest.fixture(scope="module")
def screens(recording):
    """Every second frame, by its number."""
    return {number: screen(recording, number) for number in range(0, N_FRAMES, 2)}


@pytest.fixture
def guide(screens):
    made = MarioKart()
    made._shift = SHIFT
    return made


@pytest.mark.slow
def test_lap_and_time_are_read_off_every_frame(screens):
    times = []
    for number, picture in screens.items():
        seen = read_dashboard(native(picture, SHIFT))
        assert seen.lap == (1 if number < SECOND_LAP else 2), number
        times.append(seen.time_s)
    assert (times[0], times[30], times[50], times[70], times[80]) == (0.0, 14.43, 25.56, 36.39, 41.89)
    passed_s = np.diff(times)
    assert passed_s.min() >= 0.0
    assert (passed_s > 0.7).sum() == 1  # the time of a lap stays for two seconds


def test_a_time_that_blinks_is_not_guessed(recording):
    for number in BLINKING:
        assert read_dashboard(native(screen(recording, number), SHIFT))[:2] == (2, None)


@pytest.mark.parametrize("number", [0, 100])
def test_the_picture_is_found_wherever_it_lies_on_the_screen(screens, number):
    assert find_shift(screens[number]) == SHIFT


def test_where_there_is_no_dashboard_none_is_found(screens):
    assert find_shift(np.zeros_like(screens[0])) is None
    assert find_shift(screens[0][::-1]) is None


def test_the_mark_is_found_except_in_the_tunnel(screens):
    seen = {number: find_marker(native(picture, SHIFT)) for number, picture in screens.items()}
    lost = {number for number, mark in seen.items() if mark is None}
    assert lost <= set(range(86, 106))
    places = np.array([mark for mark in seen.values() if mark])
    assert np.hypot(*np.diff(places, axis=0).T).max() < 25.0  # through the tunnel
    assert np.median(np.hypot(*np.diff(places, axis=0).T)) < 4.0


@pytest.mark.slow
def test_the_first_lap_draws_the_map_and_the_second_is_followed_on_it(guide, screens, tmp_path):
    guide._map_file = tmp_path / "luigi.json"
    followed = [guide.info(picture, number * STEP_S) for number, picture in screens.items()]
    assert "progress" not in followed[0]
    assert followed[-1]["lap"] == 1
    assert followed[-1]["lap_time_s"] == 42.83
    assert not followed[-1]["is_over"]
    progress = [info["progress"] for info in followed if "progress" in info]
    assert progress[-1] == pytest.approx(0.49, abs=0.02)  # at the tunnel's mouth again, as frame 86 of the first lap
    assert min(steps(progress)) > -0.01

    another = MarioKart(map_file=str(tmp_path / "luigi.json"))
    another._shift = SHIFT
    first_lap = [another.info(screens[number], number * STEP_S)["progress"] for number in range(12, SECOND_LAP, 2)]
    assert min(steps(first_lap)) > -0.01
    assert max(steps(first_lap)) < 0.1  # through the tunnel
    assert first_lap[-1] > 0.95


def test_after_the_last_lap_the_race_is_over_when_its_dashboard_is_gone(guide, screens):
    guide._lap = 3
    guide.info(screens[10], 1.0)
    dark = np.zeros_like(screens[10])
    assert not guide.info(dark, 4.0)["is_over"]
    assert guide.info(dark, 6.0)["is_over"]


def test_a_few_marks_make_no_map():
    with pytest.raises(CopycarError, match="gives no map"):
        CourseMap.through([(0.0, 0.0), (5.0, 5.0)])


def test_a_broken_map_is_named(tmp_path):
    file = tmp_path / "map.json"
    file.write_text('{"points": [[1, 2], [3]]}')
    with pytest.raises(CopycarError, match="no map of a course"):
        MarioKart(map_file=str(file))


def test_a_mark_far_off_the_line_is_no_progress():
    angle = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    ring = CourseMap.through(list(zip((30 * np.cos(angle)).tolist(), (30 * np.sin(angle)).tolist(), strict=True)))
    assert ring.progress_at((0.0, 30.0), 0.25) == pytest.approx(0.25, abs=0.01)
    assert ring.progress_at((0.0, 30.0), 0.75) is None
    assert ring.progress_at((0.0, 0.0), 0.25) is None
