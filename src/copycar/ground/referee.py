"""A drive that cameras beside the track saw, as a trial: the same score card as in the simulator. Knows paths.

Somebody would have had to help where the car was off the track for longer than an error of measurement, or stood. What
the cameras cannot know (steering, throttle, latency) stays unknown. Standing before the first and after the last move
is left out.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.frame import Info
from copycar.evaluation.judge import Judge
from copycar.evaluation.log import TrialLog
from copycar.evaluation.trace import LAPS_DONE, STOPPED, Road, Trace
from copycar.evaluation.trial import Trial
from copycar.ground.course import Course
from copycar.ground.laps import drive_of
from copycar.ground.tracking import Path

MOVING_MPS = 0.15
"""Slower is standing: a third of the slowest walk, and three times what noise of 2 cm makes of a smoothed path."""

LEAST_S = 2.0
"""A shorter path is a false alarm or a fragment."""

UNKNOWN = (float("nan"), float("nan"))
"""Steering and throttle."""


def main_path(paths: Sequence[Path], course: Course, number: int | None = None) -> Path:
    """Return the path of the car that is judged: the numbered one, else the one that drove farthest.

    Raises:
        CopycarError: there is none.
    """
    if number is not None and number not in {path.number for path in paths}:
        known = ", ".join(str(path.number) for path in paths)
        raise CopycarError(f"no track has the number {number}", fix=f"--car takes one of {known}")
    chosen = [path for path in paths if number in (None, path.number)]
    if not chosen:
        raise CopycarError("the cameras saw no car", fix="film it, and follow it: copycar ground run PROJECT")
    return max(chosen, key=lambda path: abs(drive_of(path, course).distance_m))


def trace_of(path: Path, course: Course, name: str, laps: int) -> Trace:
    """Return a path as a trial of so many laps, in whichever direction it was driven.

    Args:
        path: of the car.
        course: the track, with its width.
        name: of the place, for the report.
        laps: the trial is over after so many.

    Raises:
        CopycarError: the car hardly moved.
    """
    moving = np.flatnonzero(path.speed_mps > MOVING_MPS)
    if not len(moving) or path.times_s[moving[-1]] - path.times_s[moving[0]] < LEAST_S:
        raise CopycarError(f"track {path.number} hardly moves", fix="name another one with --car, or film a drive")
    path = _cut(path, int(moving[0]), int(moving[-1]) + 1)
    drive = drive_of(path, course)
    direction = 1 if drive.distance_m >= 0 else -1
    told = list(_infos(path, course, direction, [event.start_s for event in drive.excursions]))
    trial = Trial(name, progress=told[0]["progress"], direction=direction, laps=laps)
    log, judge = TrialLog(trial, told[0]), Judge()
    judge.restart(told[0], 0.0)
    for info in told[1:]:
        log.add(UNKNOWN, info)
        if cause := judge.cause(info, log.time_s):
            log.add_intervention(cause, info)
            judge.restart(info, log.time_s)
        if log.laps_driven >= laps:
            break
    road = Road(course.line_m[::direction], course.width_m)
    return log.trace(LAPS_DONE if log.laps_driven >= laps else STOPPED, [], road)


def _infos(path: Path, course: Course, direction: int, left_s: Sequence[float]) -> Iterator[Info]:
    """Yield what an environment would have told at every moment; the car has left the track at the times `left_s`."""
    arc, right_m = course.locate(path.points_m)
    progress = (arc / course.length_m * direction) % 1.0
    velocity = np.gradient(path.points_m, path.times_s, axis=0)
    heading = np.arctan2(velocity[:, 1], velocity[:, 0])
    tangent = _tangents(course, arc, direction)
    turned = (heading - tangent + np.pi) % (2 * np.pi) - np.pi
    off = {int(np.searchsorted(path.times_s, at_s - 1e-9)) for at_s in left_s}
    for moment in range(len(path.times_s)):
        yield {
            "sim_time_s": float(path.times_s[moment] - path.times_s[0]),
            "position_m": tuple(path.points_m[moment].tolist()),
            "heading_rad": float(heading[moment]),
            "cross_track_error_m": float(direction * right_m[moment]),
            "heading_error_rad": float(turned[moment]),
            "speed_mps": float(path.speed_mps[moment]),
            "progress": float(progress[moment]),
            "is_off_track": moment in off,
        }


def _tangents(course: Course, arc_m: Array, direction: int) -> Array:
    """Return the direction of driving at metres along the course, radians counter-clockwise from +X."""
    along = direction * (np.roll(course.line_m, -1, axis=0) - course.line_m)
    pieces = np.minimum(np.searchsorted(course.lengths_m, arc_m, side="right") - 1, len(along) - 1)
    tangents: Array = np.arctan2(along[pieces, 1], along[pieces, 0])
    return tangents


def _cut(path: Path, start: int, stop: int) -> Path:
    arrays: list[Any] = [path.moments, path.times_s, path.points_m, path.speed_mps, path.is_seen]
    return Path(path.number, *(array[start:stop] for array in arrays))
