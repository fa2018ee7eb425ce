import math

import pytest
from pydantic import ValidationError

from copycar.core.errors import CopycarError
from copycar.core.mounting import CameraSettings, CarSettings, measured_vehicle

CAMERA = CameraSettings(height_m=0.12, pitch_deg=20, fov_deg=90)
CAR = CarSettings(wheelbase_m=0.2, max_steering_deg=25)


def test_what_an_owner_measures_becomes_the_car():
    vehicle = measured_vehicle(CAMERA, CAR)
    assert vehicle is not None
    assert vehicle.camera_pitch_rad == pytest.approx(math.radians(20))
    assert vehicle.camera(160, 120).focal_px[0] == pytest.approx(80)  # 90 degrees: half the width
    assert vehicle.steering_for(-math.tan(math.radians(25)) / 0.2) == pytest.approx(1.0)


def test_nothing_measured_is_no_car():
    assert measured_vehicle(None, None) is None


@pytest.mark.parametrize(("camera", "car", "missing"), [(CAMERA, None, r"\[car\]"), (None, CAR, r"\[camera\]")])
def test_half_a_description_says_what_is_missing(camera, car, missing):
    with pytest.raises(CopycarError, match=missing):
        measured_vehicle(camera, car)


def test_degrees_and_metres_that_cannot_be_are_refused():
    for impossible in ({"height_m": 0}, {"fov_deg": 180}, {"pitch_deg": 90}):
        with pytest.raises(ValidationError):
            CameraSettings(**CAMERA.model_dump() | impossible)
