"""How far measured lap times are from those of the labels. Knows paths, labels and courses, not tracking."""

from collections.abc import Sequence

import numpy as np

from copycar.core.camera import Array
from copycar.ground.course import Course
from copycar.ground.laps import drive_of
from copycar.ground.scene import Moment
from copycar.ground.tracking import Path


def true_paths(moments: Sequence[Moment], rate_hz: float) -> list[Path]:
    """Return the labelled things as paths; only those that are labelled at every moment."""
    truths = [moment.truth for moment in moments if moment.truth is not None]
    everywhere = set.intersection(*(set(truth.ids.tolist()) for truth in truths)) if truths else set()
    paths = []
    for who in sorted(everywhere):
        points = np.array([truth.points_m[truth.ids.tolist().index(who)] for truth in truths])
        speed = np.hypot(*np.gradient(points, 1 / rate_hz, axis=0).T)
        numbers = np.arange(len(points))
        paths.append(Path(int(who), numbers, numbers / rate_hz, points, speed, np.ones(len(points), dtype=bool)))
    return paths


def lap_errors_s(paths: Sequence[Path], moments: Sequence[Moment], course: Course, rate_hz: float) -> Array:
    """Return measured minus true time of every lap that both know, (K,) seconds.

    A path is compared with the labelled thing it is nearest to; laps that begin within a second of each other are one.
    """
    known = true_paths(moments, rate_hz)
    errors = []
    for path in paths if known else []:
        true = min(known, key=lambda one: _apart(path, one))
        true_laps = drive_of(true, course).laps
        for lap in drive_of(path, course).laps:
            errors += [lap.time_s - other.time_s for other in true_laps if abs(other.start_s - lap.start_s) < 1]
    return np.array(errors)


def _apart(path: Path, true: Path) -> float:
    """Return the median distance of two paths while both are there."""
    return float(np.median(np.hypot(*(path.points_m - true.points_m[path.moments]).T)))
