"""Whether calibrations can be true: a rotation, not a mirror; above the floor; seeing labels. Knows no pictures."""

from collections.abc import Iterator

import numpy as np

from copycar.core.camera import Array
from copycar.ground.calibration import Calibration
from copycar.ground.scene import Scene
from copycar.tubs.doctor.verdict import Verdict

ORTHONORMAL = 1e-3
"""Most that an entry of R R^T may differ from the identity: files round to four digits or more."""

HEIGHTS_M = (0.1, 60.0)
"""Of cameras above the floor; outside of it the unit of length is wrong."""

FOCAL_WIDTHS = (0.2, 8.0)
"""Focal length in picture widths: 136 to 7 degrees of horizontal field of view."""

LEAST_REGION = 0.005
"""Share of the picture that a region has to cover: 24 x 12 of 320 x 180 pixels."""

FIX = "calibrate this camera again, or mend its file"


def check_cameras(scene: Scene) -> Iterator[Verdict]:
    """Yield a verdict per camera, and one about what lies there and is no camera."""
    if scene.left_out:
        fix = "calibrate the camera (copycar ground calibrate), correct the name, or remove it"
        yield Verdict("left out", "look", "; ".join(scene.left_out), fix=fix)
    for calibration in scene.cameras:
        faults = list(_faults(calibration, scene))
        camera = calibration.camera
        words = "; ".join(faults) or (
            f"{camera.width_px} x {camera.height_px}, {camera.position_m[2]:.2f} m high, "
            f"looks {tilt_deg(calibration):.0f} degrees down"
        )
        yield Verdict(calibration.name, "broken" if faults else "ok", words, fix=FIX if faults else "")


def tilt_deg(calibration: Calibration) -> float:
    """Return how far a camera looks down."""
    return float(np.degrees(np.arcsin(np.clip(-calibration.camera.rotation[2, 2], -1, 1))))


def _faults(calibration: Calibration, scene: Scene) -> Iterator[str]:
    picture_px = calibration.camera.width_px * calibration.camera.height_px
    rotation, height_m = calibration.camera.rotation, float(calibration.camera.position_m[2])
    off = float(np.abs(rotation @ rotation.T - np.eye(3)).max())
    if off > ORTHONORMAL:
        yield f"R is no rotation: its axes are off by {off:.2g}"
    elif np.linalg.det(rotation) < 0:
        yield "R is a mirror image (its determinant is -1): an axis is the wrong way round"
    low, high = HEIGHTS_M
    if height_m < 0:
        yield f"it is {-height_m:.2f} m below the floor: Z points down, or R and T are of camera to world"
    elif not low <= height_m <= high:
        yield f'it is {height_m:.3g} m above the floor: T is in centimetres unless the file says "unit": "m"'
    focal = calibration.camera.focal_px[0] / calibration.camera.width_px
    if not FOCAL_WIDTHS[0] <= focal <= FOCAL_WIDTHS[1]:
        yield f"its focal length is {focal:.2g} picture widths: K is of another picture size"
    if calibration.region_px is not None and _size_px(calibration.region_px) < LEAST_REGION * picture_px:
        yield "its ROI is a line: no floor is inside the polygon"
    truths = [moment.truth.points_m for split in scene.moments.values() for moment in split if moment.truth]
    if sum(map(len, truths)) and not calibration.sees(np.concatenate(truths)).any():
        yield "it sees not a single label: it looks elsewhere, or it is another camera's calibration"


def _size_px(polygon: Array) -> float:
    """Return the area of a polygon (M, 2), square pixels (shoelace formula)."""
    x, y = polygon.T
    return abs(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())) / 2
