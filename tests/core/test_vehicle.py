import pytest

from copycar.core.errors import CopycarError
from copycar.core.vehicle import Vehicle

CAR = Vehicle(0.26, 0.5, camera_height_m=0.17, camera_pitch_rad=0.3, camera_fov_rad=1.6)


def test_a_left_curve_needs_steering_to_the_left() -> None:
    assert CAR.steering_for(1.0) < 0 < CAR.steering_for(-1.0)


def test_it_survives_json() -> None:
    assert Vehicle.from_json(CAR.as_json()) == CAR


def test_a_damaged_description_is_named() -> None:
    with pytest.raises(CopycarError, match="damaged"):
        Vehicle.from_json({"wheelbase_m": "long"})
