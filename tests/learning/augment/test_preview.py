import numpy as np
import pytest
from dice import noise_pictures, only

from copycar.core.vehicle import Vehicle
from copycar.learning.augment.preview import columns
from copycar.learning.augment.preview_page import CELL_WIDTH, GAP, HEADER_HEIGHT, draw_page
from copycar.learning.augment.settings import OFF, Augmentation

STEERING = np.array([0.2, -0.9], dtype=np.float32)


@pytest.fixture
def pictures():
    return noise_pictures(2, 48, 64).numpy()


def titles(shown):
    return [column.title for column in shown]


def test_it_shows_what_is_switched_on_and_nothing_else(pictures, vehicle):
    assert titles(columns(pictures, STEERING, OFF, vehicle)) == ["AS RECORDED"]
    assert titles(columns(pictures, STEERING, only(mirror=True), vehicle)) == ["AS RECORDED", "MIRRORED"]
    both = columns(pictures, STEERING, only(shift_m=0.1, turn_deg=3), vehicle)
    assert titles(both)[1:] == ["SHIFTED LEFT", "SHIFTED RIGHT", "TURNED LEFT", "TURNED RIGHT"]
    assert titles(columns(pictures, STEERING, Augmentation(), None))[:3] == ["AS RECORDED", "MIRRORED", "LIGHT 1"]


def test_each_column_has_the_steering_that_is_learned(pictures, vehicle):
    shown = {column.title: column.steering for column in columns(pictures, STEERING, Augmentation(), vehicle)}
    assert shown["MIRRORED"].tolist() == [-value for value in STEERING.tolist()]
    assert (shown["SHIFTED LEFT"] > STEERING).all()  # steers back to the right
    assert (shown["TURNED RIGHT"] <= STEERING).all()  # and to the left, as far as the wheels go
    assert shown["TURNED RIGHT"].min() >= -1
    assert (shown["LIGHT 1"] == STEERING).all()


def test_the_page_holds_every_picture(pictures, vehicle):
    shown = columns(pictures, STEERING, Augmentation(), vehicle)
    page = draw_page(shown, vehicle.camera(64, 48))
    assert page.dtype == np.uint8
    assert page.shape[1] >= len(shown) * CELL_WIDTH
    cell = page[HEADER_HEIGHT:, :CELL_WIDTH][:150]
    assert cell.std() > 50


def test_the_horizon_is_drawn_where_the_camera_has_it():
    level = Vehicle(0.26, 0.47, camera_height_m=0.17, camera_pitch_rad=0.0, camera_fov_rad=1.57)
    black = np.zeros((1, 120, 200, 3), dtype=np.uint8)
    shown = columns(black, np.zeros(1, dtype=np.float32), only(mirror=True), level)
    page = draw_page(shown, level.camera(200, 120))
    second = page[HEADER_HEIGHT : HEADER_HEIGHT + 120, CELL_WIDTH + GAP :]  # the first has the grid as well
    assert np.flatnonzero(second[:, 0, 0]).tolist() == [60]


def test_without_a_camera_there_is_no_horizon(pictures):
    shown = columns(np.zeros_like(pictures), STEERING, OFF, None)
    assert not draw_page(shown, None)[HEADER_HEIGHT : HEADER_HEIGHT + 150, :CELL_WIDTH].any()
