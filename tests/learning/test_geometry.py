import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.camera import Camera
from copycar.core.vehicle import Vehicle
from copycar.learning.geometry import Displacement, returning_steering, source_pixels

WIDTH, HEIGHT = 64, 48
LOOK_AHEAD_M = 1.0

displacements = st.builds(Displacement, st.floats(-0.3, 0.3), st.floats(-math.radians(15), math.radians(15)))
vehicles = st.builds(
    Vehicle,
    wheelbase_m=st.floats(0.15, 0.4),
    max_steering_rad=st.floats(0.3, 0.6),
    camera_height_m=st.floats(0.08, 0.4),
    camera_pitch_rad=st.floats(0.0, 0.6),
    camera_fov_rad=st.floats(0.8, 2.1),
    camera_forward_m=st.floats(-0.1, 0.2),
)


def displaced_camera(vehicle: Vehicle, displacement: Displacement) -> Camera:
    """Return the camera of a car that really stands there, in the body frame of the one that stayed."""
    cos, sin = math.cos(displacement.left_rad), math.sin(displacement.left_rad)
    forward = vehicle.camera_forward_m
    position = (cos * forward, sin * forward - displacement.right_m, vehicle.camera_height_m)
    return Camera.placed(
        WIDTH, HEIGHT, vehicle.camera_fov_rad, position, displacement.left_rad, vehicle.camera_pitch_rad
    )


def all_pixels() -> np.ndarray:
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    return np.column_stack([columns.ravel(), rows.ravel()])


@settings(max_examples=60, deadline=None)
@given(vehicles, displacements)
def test_every_ground_point_of_a_really_displaced_camera_is_taken_from_where_the_real_one_sees_it(vehicle, moved):
    ground_m = displaced_camera(vehicle, moved).ground_points(all_pixels())
    seen = np.isfinite(ground_m).all(axis=1)
    points_m = np.column_stack([ground_m[seen], np.zeros(seen.sum())])
    expected = vehicle.camera(WIDTH, HEIGHT).project(points_m)
    source = source_pixels(vehicle.camera(WIDTH, HEIGHT), moved).ravel()[seen]
    inside = (expected >= 0).all(axis=1) & (expected <= (WIDTH - 1, HEIGHT - 1)).all(axis=1)  # NaN is outside
    got = np.column_stack([source % WIDTH, source // WIDTH])[inside]
    assert np.abs(got - expected[inside]).max(initial=0.0) <= 0.5 + 1e-6


@settings(max_examples=60, deadline=None)
@given(vehicles, displacements)
def test_above_the_horizon_the_world_turns_but_does_not_shift(vehicle, moved):
    camera = vehicle.camera(WIDTH, HEIGHT)
    is_sky = np.isnan(camera.ground_points(all_pixels())).any(axis=1)
    only_turned = Displacement(0.0, moved.left_rad)
    # a pixel of the imagined picture is sky where the same pixel of the real one is: neither camera rolls nor pitches
    shifted, turned = (source_pixels(camera, way).ravel()[is_sky] for way in (moved, only_turned))
    np.testing.assert_array_equal(shifted, turned)


@given(vehicles)
def test_no_displacement_leaves_every_pixel_where_it_is(vehicle):
    source = source_pixels(vehicle.camera(WIDTH, HEIGHT), Displacement())
    np.testing.assert_array_equal(source, np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH))


def test_a_far_turn_of_a_wide_camera_repeats_the_nearest_border(vehicle):
    wide = Vehicle(0.26, 0.47, 0.17, 0.0, camera_fov_rad=math.radians(160))
    source = source_pixels(wide.camera(WIDTH, HEIGHT), Displacement(0.0, math.radians(45)))
    assert (source[:, 0] % WIDTH == 0).all()  # turned left: the left edge looks behind the real camera


def test_a_car_displaced_to_the_right_sees_the_road_moved_to_the_left(vehicle):
    camera = vehicle.camera(WIDTH, HEIGHT)
    picture = np.zeros((HEIGHT, WIDTH))
    picture[:, WIDTH // 2 - 1 : WIDTH // 2 + 1] = 1.0
    below = source_pixels(camera, Displacement(right_m=0.1))[-10:]
    seen = picture.ravel()[below]
    assert np.average(np.arange(WIDTH), weights=seen.sum(axis=0)) < (WIDTH - 1) / 2 - 3


@pytest.mark.parametrize(
    ("displacement", "sign"),
    [
        (Displacement(right_m=0.1), -1),  # displaced right: steer left
        (Displacement(right_m=-0.1), 1),
        (Displacement(left_rad=0.1), 1),  # turned left: steer right
        (Displacement(left_rad=-0.1), -1),
        (Displacement(), 0),
    ],
)
def test_returning_steering_points_back_to_the_line(vehicle, displacement, sign):
    steering = returning_steering(vehicle, displacement, LOOK_AHEAD_M)
    assert np.sign(round(steering, 9)) == sign


@settings(max_examples=60, deadline=None)
@given(vehicles, displacements)
def test_a_displaced_car_that_obeys_the_corrected_label_comes_back_to_the_line(vehicle, moved):
    step_m = 0.02
    right_m, left_rad = moved.right_m, moved.left_rad
    for _ in range(round(6 * LOOK_AHEAD_M / step_m)):  # a kinematic bicycle on a straight road, label 0 on the line
        steering = np.clip(returning_steering(vehicle, Displacement(right_m, left_rad), LOOK_AHEAD_M), -1, 1)
        right_m -= step_m * math.sin(left_rad)
        left_rad -= step_m * math.tan(steering * vehicle.max_steering_rad) / vehicle.wheelbase_m
    assert abs(right_m) < 0.02
    assert abs(left_rad) < math.radians(2)
