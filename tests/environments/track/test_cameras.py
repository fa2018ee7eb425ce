"""What is drawn is where `core.camera.Camera` says, to about a pixel."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from copycar.environments.track import car
from copycar.environments.track.environment import TrackEnvironment
from copycar.environments.track.paint import LINE_WIDTH_M


def whiteness(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much white paint a pixel holds, 0 ... 1."""
    return np.clip((image.min(axis=2).astype(float) - 130) / 110, 0, 1)


def line_errors_px(environment: TrackEnvironment, info: dict[str, Any], image: NDArray[np.uint8]) -> list[float]:
    """Signed distances between the painted edge lines and where the camera says they are, one per row and line."""
    line, camera, errors = environment.line, environment.camera, []
    x0, y0, heading = (*info["position_m"], info["heading_rad"])
    cos_h, sin_h = math.cos(heading), math.sin(heading)
    arcs = info["progress"] * line.length_m + np.linspace(0.3, 2.0, 300)
    for offset in (-0.6 + LINE_WIDTH_M / 2, 0.6 - LINE_WIDTH_M / 2):
        world = np.array([line.at(arc, offset)[:2] for arc in arcs]) - (x0, y0)
        body = world @ np.array([[cos_h, -sin_h], [sin_h, cos_h]])
        pixels = camera.project(np.column_stack([body, np.zeros(len(body))]))
        white = whiteness(image)
        for row in range(image.shape[0]):
            nearest = np.nanargmin(np.abs(pixels[:, 1] - row))
            column = pixels[nearest, 0]
            low, high = int(column) - 8, int(column) + 9
            if abs(pixels[nearest, 1] - row) > 0.2 or low < 0 or high > image.shape[1]:
                continue
            weight = white[row, low:high]
            if weight.sum() > 1:
                along = pixels[min(nearest + 1, len(pixels) - 1)] - pixels[nearest - 1]
                across = abs(along[1]) / np.hypot(*along)  # a column off beside a nearly level line is little off it
                errors.append(across * float((weight * np.arange(low, high)).sum() / weight.sum() - column))
    return errors


@pytest.mark.parametrize("supersample", [1, 2])
@pytest.mark.parametrize(
    ("pitch_deg", "height_m", "fov_deg"), [(17.0, 0.17, 90.0), (30.0, 0.25, 70.0), (10.0, 0.12, 110.0)]
)
def test_road_edges_are_drawn_where_the_cars_camera_says(
    supersample: int, pitch_deg: float, height_m: float, fov_deg: float
) -> None:
    environment = TrackEnvironment(
        "kidney",
        scenery=False,
        supersample=supersample,
        camera_pitch_deg=pitch_deg,
        camera_height_m=height_m,
        camera_fov_deg=fov_deg,
    )
    errors = []
    for progress in (0.02, 0.3, 0.55, 0.8):
        observation, info = environment.reset(seed=0, options={"progress": progress, "heading_offset_rad": 0.1})
        errors += line_errors_px(environment, info, observation["image"])
    environment.close()
    assert len(errors) > 60
    assert abs(np.mean(errors)) < 0.3
    assert np.percentile(np.abs(errors), 95) < 1.0


def test_cars_are_drawn_where_the_side_cameras_say() -> None:
    environment = TrackEnvironment("oval", scenery=False, cameras=3, pictures=False)
    shots = [environment.reset(seed=0, options={"progress": progress})[1] for progress in (0.1, 0.6)]
    environment.close()
    n_seen = 0
    for info, other in ((shots[0], shots[1]), (shots[1], shots[0])):
        x, y, _ = info["cars"][0]
        for shot, without in zip(info["cameras"], other["cameras"], strict=True):
            camera, picture = shot["camera"], shot["image"].astype(int)
            column, row = camera.project([(x, y, 0.06)])[0]
            reach = camera.focal_px[0] * car.LENGTH_M / np.linalg.norm(camera.position_m - (x, y, 0))
            if not (reach < column < 320 - reach and reach < row < 180 - reach):
                continue
            rows, columns = np.nonzero(np.abs(picture - without["image"]).sum(axis=2) > 60)
            near = np.hypot(columns - column, rows - row) < reach
            assert np.hypot(columns[near].mean() - column, rows[near].mean() - row) < 2.0
            n_seen += 1
    assert n_seen >= 3


def test_own_car_is_never_in_its_own_picture() -> None:
    steep = TrackEnvironment("oval", camera_pitch_deg=80, camera_fov_deg=120, scenery=False, centre_line="none")
    observation, _ = steep.reset(seed=0, options={"progress": 0.2})
    steep.close()
    image = observation["image"].astype(int)
    assert (np.ptp(image[70:], axis=2) < 30).all()  # grey asphalt and no red paint


def test_horizon_lies_where_the_pitch_puts_it() -> None:
    environment = TrackEnvironment("oval", scenery=False)
    observation, _ = environment.reset(seed=0)
    camera = environment.camera
    environment.close()
    horizon = camera.centre_px[1] - camera.focal_px[1] * math.tan(math.radians(17))
    image = observation["image"].astype(int)
    is_sky = image[..., 2] > image[..., 1] + 5
    assert is_sky[: int(horizon) - 1].mean() > 0.9
    assert is_sky[math.ceil(horizon) + 2 :].mean() < 0.05
