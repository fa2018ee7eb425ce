import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.camera import Camera


def camera(heading_rad: float = 0.3, pitch_rad: float = 0.3) -> Camera:
    return Camera.placed(160, 120, math.radians(90), (1.0, -2.0, 0.2), heading_rad, pitch_rad)


@given(column=st.floats(0, 159), row=st.floats(70, 119), heading=st.floats(-3, 3), pitch=st.floats(0.1, 0.8))
def test_a_pixel_on_the_ground_comes_back_to_itself(column: float, row: float, heading: float, pitch: float) -> None:
    eye = camera(heading, pitch)
    ground = eye.ground_points([[column, row]])
    assert eye.project([[*ground[0], 0.0]])[0] == pytest.approx([column, row], abs=1e-6)


def test_the_sky_is_nowhere_on_the_ground() -> None:
    assert np.isnan(camera().ground_points([[80, 0]])).all()


def test_a_point_behind_the_camera_has_no_pixel() -> None:
    assert np.isnan(camera(heading_rad=0.0).project([[-5.0, -2.0, 0.0]])).all()


def test_the_homography_agrees_with_the_projection() -> None:
    eye = camera()
    point = np.array([3.0, -1.0])
    pixel = eye.ground_to_pixel @ [*point, 1.0]
    assert pixel[:2] / pixel[2] == pytest.approx(eye.project([[*point, 0.0]])[0])


def test_left_in_the_world_is_left_in_the_picture() -> None:
    left, right = camera(heading_rad=0.0).project([[3.0, -1.5, 0.0], [3.0, -2.5, 0.0]])
    assert left[0] < 79.5 < right[0]


@given(heading=st.floats(-3, 3), pitch=st.floats(-0.3, 1.2))
def test_the_horizon_is_where_what_is_very_far_away_on_the_ground_is_seen(heading: float, pitch: float) -> None:
    eye = camera(heading, pitch)
    far_m = eye.position_m[:2] + 1e7 * np.array([math.cos(heading), math.sin(heading)])
    assert eye.horizon_px == pytest.approx(eye.project([[*far_m, 0.0]])[0, 1], abs=1e-3)
