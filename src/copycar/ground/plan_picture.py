"""The plan of a scene: the area, who sees it, where cameras stand and where labels are. Knows nothing of networks."""

from itertools import cycle

import cv2
import numpy as np

from copycar.core.frame import Image
from copycar.ground.calibration import Calibration
from copycar.ground.checks.area import sample_grid, views_of
from copycar.ground.plan import COLOURS, INK, Colour, Plan, write_text
from copycar.ground.scene import Area, Scene, around

SEEN_BY: tuple[Colour, ...] = ((70, 34, 38), (38, 46, 56), (48, 66, 78), (56, 86, 98), (62, 104, 114))
"""Of ground that no, one, two, three, more cameras see."""


def coverage_picture(scene: Scene, longest_px: int = 1000) -> Image:
    """Return the plan with every camera's footprint, shaded by how many see a place, and all labels as dots."""
    plan = Plan.fitting(_with_cameras(scene), longest_px)
    picture = plan.blank()
    _shade(plan, picture, scene)
    for calibration, colour in zip(scene.cameras, cycle(COLOURS), strict=False):
        _draw_camera(plan, picture, calibration, scene, colour)
    truths = [moment.truth.points_m for split in scene.moments.values() for moment in split if moment.truth is not None]
    if truths:
        plan.draw_dots(picture, np.concatenate(truths), INK, 1.2)
    return picture


def _with_cameras(scene: Scene) -> Area:
    positions = np.array([calibration.camera.position_m[:2] for calibration in scene.cameras])
    area = scene.area
    longest = max(area[2] - area[0], area[3] - area[1])
    near = positions[np.linalg.norm(positions - np.reshape(area, (2, 2)).mean(axis=0), axis=1) < 2 * longest]
    return around(np.vstack([np.reshape(area, (2, 2)), near]))


def _shade(plan: Plan, picture: Image, scene: Scene) -> None:
    grid = sample_grid(scene)
    counts = views_of(scene, grid)
    corners = np.array([(grid.x0_m, grid.y0_m + grid.size_m[1]), (grid.x0_m + grid.size_m[0], grid.y0_m)])
    (left, top), (right, bottom) = np.rint(plan.pixels(corners)).astype(int).tolist()
    shades = np.array(SEEN_BY, dtype=np.uint8)[np.minimum(counts[::-1], len(SEEN_BY) - 1).astype(int)]
    size = (right - left, bottom - top)
    picture[top:bottom, left:right] = cv2.resize(shades, size, interpolation=cv2.INTER_NEAREST)


def _draw_camera(plan: Plan, picture: Image, calibration: Calibration, scene: Scene, colour: Colour) -> None:
    grid = sample_grid(scene)
    seen = calibration.sees(grid.centres()).reshape(grid.n_rows, grid.n_columns).astype(np.uint8)
    edges, _ = cv2.findContours(seen, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for edge in edges:
        plan.draw_line(picture, grid.points(edge.reshape(-1, 2)), colour, is_closed=True)
    position = calibration.camera.position_m[None, :2]
    plan.draw_dots(picture, position, colour, 6)
    x, y = np.rint(plan.pixels(position)[0]).astype(int).tolist()
    if 0 <= x < picture.shape[1] and 0 <= y < picture.shape[0]:
        write_text(picture, calibration.name, (min(x + 8, picture.shape[1] - 60), max(y - 6, 14)), colour)
