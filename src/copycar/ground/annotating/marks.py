"""Where labelled things show in every view and on the plan, and which ground point a click means. Knows no browsers.

A view shows the undistorted picture at its calibrated size. Pixel centres are whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from copycar.core.camera import Array
from copycar.ground.annotating.edits import Labelled, Point
from copycar.ground.boxes import boxes_around
from copycar.ground.calibration import Calibration
from copycar.ground.scene import Thing


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing as one view shows it.

    Attributes:
        who: its id.
        foot_px: (x, y) of the point it stands on.
        box_px: x1, y1, x2, y2 around it; None where a part of it is behind the camera.
    """

    who: int
    foot_px: Point
    box_px: tuple[float, float, float, float] | None


def marks_in(calibration: Calibration, things: Sequence[Labelled], size: Thing) -> list[Mark]:
    """Return the things whose foot point is in the view's picture, be it in its region or not."""
    whole = replace(calibration, region_px=None)
    points = np.array([one.point for one in things]).reshape(-1, 2)
    feet, boxes, seen = whole.project(points), boxes_around(points, size, [whole])[:, 0], whole.sees(points)
    return [
        Mark(one.who, (float(foot[0]), float(foot[1])), _box(box))
        for one, foot, box, is_in in zip(things, feet, boxes, seen, strict=True)
        if is_in
    ]


def ground_at(calibration: Calibration, pixel: Point) -> Point | None:
    """Return the ground point that a pixel of a view shows; None at and above the horizon."""
    x, y = calibration.camera.ground_points(np.array([pixel]))[0].tolist()
    return None if np.isnan(x) else (x, y)


def _box(box: Array) -> tuple[float, float, float, float] | None:
    if np.isnan(box).any():
        return None
    left, top, right, bottom = box.tolist()
    return left, top, right, bottom
