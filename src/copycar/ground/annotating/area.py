"""Which ground to show where nothing says it: what the cameras see near them. Knows no pictures."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from copycar.core.errors import CopycarError
from copycar.ground.calibration import Calibration
from copycar.ground.scene import Area, Scene, around

NEAR_HEIGHTS = 4.0
"""How far a camera is taken to look, in its heights above the floor: 4 are 14 degrees below the horizon."""

SAMPLES = 24
"""Across a picture."""


def with_area(scene: Scene) -> Scene:
    """Return a scene whose area is known: its own, or what is in sight."""
    try:
        return replace(scene, known_area=scene.area)
    except CopycarError:  # neither regions nor labels say it yet
        return replace(scene, known_area=area_in_sight(scene.cameras))


def area_in_sight(cameras: Sequence[Calibration]) -> Area:
    """Return the rectangle around the floor that cameras see near them, or around their feet where they see none."""
    points = [calibration.camera.position_m[None, :2] for calibration in cameras]
    for calibration in cameras:
        camera = calibration.camera
        u, v = np.meshgrid(np.linspace(0, camera.width_px - 1, SAMPLES), np.linspace(0, camera.height_px - 1, SAMPLES))
        floor = camera.ground_points(np.stack([u, v], axis=-1).reshape(-1, 2))
        reach = NEAR_HEIGHTS * abs(float(camera.position_m[2]))
        with np.errstate(invalid="ignore"):
            points.append(floor[np.linalg.norm(floor - camera.position_m[:2], axis=1) < reach])
    return around(np.concatenate(points))
