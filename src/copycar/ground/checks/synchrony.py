"""Whether all cameras show the same moments: told by what moves on the floor. Knows pictures; knows no labels."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.ground.motion import floor_grid, watch
from copycar.ground.pictures import read_picture
from copycar.ground.scene import Moment, Scene
from copycar.ground.synchronise import estimate_offsets
from copycar.tubs.doctor.verdict import Verdict

MOST_FRAMES = 150
"""Validation frames that are looked at: 7 s at 20 a second."""

LEAST_FRAMES = 40
"""Fewer tell nothing."""

TOLERATED = 1
"""Frames that the estimate itself may be off."""


def check_synchrony(scene: Scene) -> Iterator[Verdict]:
    """Yield the verdict about the validation frames, which follow each other; none where they cannot tell."""
    moments = [moment for moment in scene.moments["val"] if moment.is_complete][:MOST_FRAMES]
    if len(moments) < LEAST_FRAMES or len(scene.cameras) < 2 or not _is_gapless(moments):
        return
    try:
        grid = floor_grid(scene.area)
        motions = {
            calibration.name: watch(
                (read_picture(path) for path in _of_view(moments, view)), calibration, grid, scene.thing.height_m
            )
            for view, calibration in enumerate(scene.cameras)
        }
    except CopycarError:  # no area, or a torn picture: other verdicts say so
        return
    told = estimate_offsets(motions, scene.rate_hz)
    if not told.is_sure:
        yield Verdict("synchrony", "ok", "what moves does not tell whether all cameras show the same moments")
        return
    usual = int(np.median(list(told.frames.values())))
    off = {name: frame - usual for name, frame in told.frames.items() if abs(frame - usual) > TOLERATED}
    if not off:
        yield Verdict("synchrony", "ok", "all cameras show the same moments, by what moves")
        return
    words = ", ".join(f"{name} is {abs(by)} frames {'late' if by > 0 else 'early'}" for name, by in off.items())
    fix = "correct 0-calibration/first_frame.json, or remove it, and extract into a new project"
    yield Verdict("synchrony", "broken", words, fix=fix, figures={"offsets": dict(told.frames)})


def _is_gapless(moments: list[Moment]) -> bool:
    return moments[-1].number - moments[0].number == len(moments) - 1


def _of_view(moments: list[Moment], view: int) -> Iterator[Path]:
    return (path for moment in moments if (path := moment.pictures[view]) is not None)
