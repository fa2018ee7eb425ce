import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from copycar.core.frame import STOP
from copycar.testing.environment import HALF_ROAD_M, RADIUS_M, CircleTrack


def test_gymnasium_accepts_it():
    check_env(CircleTrack(), skip_render_check=True)


@pytest.mark.parametrize("direction", [1, -1])
def test_signs_are_those_of_the_contract(direction):
    environment = CircleTrack()
    _, info = environment.reset(options={"direction": direction, "offset_m": 0.1, "heading_offset_rad": 0.2})
    assert info["cross_track_error_m"] == pytest.approx(0.1)
    assert info["heading_error_rad"] == pytest.approx(0.2)
    _, info = environment.reset(options={"direction": direction, "speed_mps": 1.0})
    for _ in range(5):
        *_, info = environment.step(np.array([1.0, 0.5]))
    assert info["heading_error_rad"] < -0.1  # steering right turns the nose right of the tangent
    assert info["distance_m"] > 0


@pytest.mark.parametrize("direction", [1, -1])
def test_expert_drives_laps_near_the_centre_line(direction):
    environment = CircleTrack(image_size=(2, 2))
    observation, info = environment.reset(options={"direction": direction, "offset_m": 0.2, "progress": 0.3})
    expert = environment.expert()
    for _ in range(400):
        observation, *_, info = environment.step(expert.act(observation, info))
    assert info["lap"] == 1
    assert abs(info["cross_track_error_m"]) < 0.02
    assert info["lap_time_s"] == pytest.approx(2 * np.pi * RADIUS_M, rel=0.1)  # the expert drives about 1 m/s


def test_leaving_the_road_is_told_and_rescue_returns():
    environment = CircleTrack(ends_off_track=True)
    environment.reset(options={"offset_m": HALF_ROAD_M + 0.1})
    _, _, terminated, _, info = environment.step(STOP)
    assert terminated
    assert info["is_off_track"]
    _, info = environment.rescue()
    assert info["cross_track_error_m"] == pytest.approx(0)
    assert info["speed_mps"] == 0


def test_camera_sees_on_which_side_the_road_is():
    environment = CircleTrack(image_size=(24, 32))
    views = [environment.reset(options={"offset_m": offset_m})[0]["image"] for offset_m in (-0.3, 0.3)]
    grass_right = [(view[18:, 16:] == (60, 120, 50)).all(axis=-1).mean() for view in views]
    assert grass_right[0] < grass_right[1]
