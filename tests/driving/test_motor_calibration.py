"""What a wish means to one car's servo and motor."""

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.calibration import FILE, Calibration, Calibrator
from copycar.driving.loop import drive
from copycar.driving.motors import to_motors
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleTrack

UNIT = st.floats(-1, 1)
SHARE = st.floats(0.2, 1)
CALIBRATIONS = st.builds(
    Calibration,
    steering_centre=st.floats(-0.5, 0.5),
    steering_left=SHARE,
    steering_right=SHARE,
    throttle_start=st.floats(0, 0.5),
    throttle_forward=SHARE,
    throttle_reverse=SHARE,
    is_steering_reversed=st.booleans(),
    is_throttle_reversed=st.booleans(),
)


@given(UNIT, UNIT)
def test_the_usual_calibration_changes_nothing(steering, throttle):
    assert Calibration().applied(Action(steering, throttle)) == pytest.approx((steering, throttle))


@given(UNIT, UNIT, CALIBRATIONS)
def test_nothing_leaves_the_range_of_the_motors(steering, throttle, calibration):
    executed = calibration.applied(Action(steering, throttle))
    assert all(-1 <= value <= 1 for value in executed)


@given(SHARE, SHARE, st.booleans())
def test_standing_is_standing_on_every_car(forward, start, is_reversed):
    calibration = Calibration(throttle_forward=forward, throttle_start=start / 2, is_throttle_reversed=is_reversed)
    assert calibration.applied(Action(0.3, 0.0)).throttle == 0


def test_the_ends_of_the_stick_are_the_ends_of_the_servo():
    calibration = Calibration(steering_left=0.7, steering_right=0.9, steering_centre=0.1)
    assert [calibration.applied(Action(wish, 0)).steering for wish in (-1, 0, 1)] == pytest.approx([-0.7, 0.1, 0.9])


def test_a_servo_built_in_the_other_way_turns_the_other_way():
    assert Calibration(is_steering_reversed=True).applied(Action(0.5, 0)).steering == -0.5


def test_saving_keeps_the_rest_of_the_file(tmp_path):
    file = tmp_path / "copycar.toml"
    file.write_text(
        "# mine\n[camera]\nheight_m = 0.2\n\n[calibration]\nsteering_left = 0.5\n\n[car]\nwheelbase_m = 0.17\n"
    )
    calibrator = Calibrator(file)
    assert calibrator.now.steering_left == 0.5
    calibrator.change({"steering_right": 0.8})
    calibrator.save()
    assert Calibrator(file).now == Calibration(steering_left=0.5, steering_right=0.8)
    assert file.read_text().startswith("# mine\n[camera]\nheight_m = 0.2\n")
    assert file.read_text().count("[calibration]") == 1
    assert "[car]\nwheelbase_m = 0.17\n" in file.read_text()


def test_a_change_is_not_saved_before_it_is_asked_for(tmp_path):
    file = tmp_path / "copycar.toml"
    Calibrator(file).change({"steering_right": 0.8})
    assert not file.exists()


@pytest.mark.parametrize("values", [{"steering_left": 3}, {"steering_lefd": 0.5}, {"throttle_start": "much"}])
def test_what_no_car_can_do_is_refused_and_changes_nothing(tmp_path, values):
    calibrator = Calibrator(tmp_path / "copycar.toml")
    with pytest.raises(CopycarError, match="the calibration"):
        calibrator.change(values)
    assert calibrator.now == Calibration()


def test_a_damaged_file_is_not_written_over(tmp_path):
    file = tmp_path / "copycar.toml"
    calibrator = Calibrator(file)
    file.write_text("[calibration\n")
    with pytest.raises(CopycarError, match="is not TOML"):
        calibrator.save()
    assert file.read_text() == "[calibration\n"


class Car(CircleTrack):
    is_car = True


@pytest.mark.parametrize(("kind", "executed"), [(Car, 0.5), (CircleTrack, 1.0)])
def test_only_a_car_goes_by_the_calibration_of_the_folder(kind, executed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text("[calibration]\nsteering_right = 0.5\n")
    environment = gymnasium.Wrapper(kind())  # as the referee of an evaluation is
    drive(environment, ScriptedDriver(lambda *_: Action(1.0, 0.0)), seconds=0.2)
    assert [float(action[0]) for action in environment.unwrapped.actions] == [executed] * 4


def test_a_damaged_calibration_keeps_nobody_from_a_simulator(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text("[calibration\n")
    assert to_motors(CircleTrack())(Action(1.0, 0.0)) == Action(1.0, 0.0)
    with pytest.raises(CopycarError, match="is not TOML"):
        to_motors(Car())
