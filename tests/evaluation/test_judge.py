import pytest

from copycar.evaluation.judge import Judge

FINE = {"is_collision": False, "is_off_track": False, "is_wrong_way": False}


def drive(judge, seconds, *, speed_mps=1.0, start_s=0.0, **told):
    """Return the causes of each 0.1 s tick, while the car moves along x."""
    causes = []
    for tick in range(1, round(seconds * 10) + 1):
        time_s = start_s + tick / 10
        info = {**FINE, "position_m": (speed_mps * tick / 10, 0.0), **told}
        causes.append(judge.cause(info, time_s))
    return causes


@pytest.fixture
def judge():
    judge = Judge()
    judge.restart({**FINE, "position_m": (0.0, 0.0)}, 0.0)
    return judge


def test_a_car_on_the_road_needs_no_help(judge):
    assert set(drive(judge, 20.0)) == {None}


def test_off_the_road_needs_help_at_once(judge):
    assert drive(judge, 0.1, is_off_track=True) == ["off-track"]


@pytest.mark.parametrize(("what", "cause"), [("scenery", "scenery"), ("car", "car"), ("", "scenery")])
def test_a_collision_has_the_cause_of_what_was_hit(judge, what, cause):
    assert drive(judge, 0.1, is_collision=True, is_off_track=True, collision_with=what) == [cause]


def test_the_wrong_way_needs_help_only_after_a_second(judge):
    causes = drive(judge, 1.2, is_wrong_way=True)
    assert causes[:10] == [None] * 10
    assert causes[10] == "wrong-way"


def test_a_wobble_in_the_wrong_direction_is_forgiven(judge):
    assert set(drive(judge, 0.8, is_wrong_way=True)) == {None}
    assert set(drive(judge, 0.1, start_s=0.8)) == {None}
    assert set(drive(judge, 0.8, start_s=0.9, is_wrong_way=True)) == {None}


def test_a_car_that_does_not_move_is_stuck_after_three_seconds(judge):
    causes = drive(judge, 3.0, speed_mps=0.0)
    assert causes[:-1] == [None] * 29
    assert causes[-1] == "stuck"


def test_a_slow_car_is_not_stuck(judge):
    assert set(drive(judge, 20.0, speed_mps=0.05)) == {None}


def test_a_restart_gives_three_seconds_again(judge):
    drive(judge, 2.9, speed_mps=0.0)
    judge.restart({**FINE, "position_m": (0.0, 0.0)}, 2.9)
    assert set(drive(judge, 2.8, speed_mps=0.0, start_s=2.9)) == {None}


def test_what_an_environment_does_not_tell_is_not_judged():
    judge = Judge()
    judge.restart({}, 0.0)
    assert {judge.cause({}, float(second)) for second in range(100)} == {None}
