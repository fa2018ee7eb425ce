"""Whether the area makes sense and somebody sees it. Knows cameras; knows no pictures and no labels."""

from collections.abc import Iterator

import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.ground.grid import Grid
from copycar.ground.scene import Scene
from copycar.tubs.doctor.verdict import Verdict

UNSEEN_SHARE = 0.05
"""More of the area than this seen by nobody deserves a look."""

SIDES_M = (0.5, 500.0)
N_SAMPLES = 100
"""Sample points along the longer side."""


def check_area(scene: Scene) -> Iterator[Verdict]:
    """Yield the verdicts about the area and its coverage."""
    try:
        x0, y0, x1, y1 = scene.area
    except CopycarError as error:
        yield Verdict("area", "broken", error.what, fix=error.fix)
        return
    words = f"{x1 - x0:.1f} x {y1 - y0:.1f} m"
    if max(x1 - x0, y1 - y0) > SIDES_M[1] or min(x1 - x0, y1 - y0) < SIDES_M[0]:
        yield Verdict(
            "area", "broken", f"{words}: no such floor", fix="look at the unit of length and the ROI polygons"
        )
        return
    yield Verdict("area", "ok", words, figures={"area": (x0, y0, x1, y1)})
    counts = views_of(scene, sample_grid(scene))
    unseen, several = float((counts == 0).mean()), float((counts >= 2).mean())
    yield Verdict(
        "coverage",
        "look" if unseen > UNSEEN_SHARE else "ok",
        f"{several:.0%} is seen by two cameras or more, {unseen:.0%} by none",
        fix="turn a camera, add one, or make the ROI polygons smaller" if unseen > UNSEEN_SHARE else "",
        figures={"unseen_share": unseen, "several_share": several},
    )


def sample_grid(scene: Scene) -> Grid:
    """Return a coarse grid over the area."""
    x0, y0, x1, y1 = scene.area
    return Grid.covering(scene.area, max(x1 - x0, y1 - y0) / N_SAMPLES)


def views_of(scene: Scene, grid: Grid) -> Array:
    """Return how many cameras see each cell, (n_rows, n_columns)."""
    seen = [calibration.sees(grid.centres()) for calibration in scene.cameras]
    counts: Array = np.sum(seen, axis=0, dtype=np.float64).reshape(grid.n_rows, grid.n_columns)
    return counts
