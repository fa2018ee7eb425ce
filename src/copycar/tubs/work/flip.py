"""The mirrored twin of a tub: left becomes right, steering changes its sign. Writes a new tub."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Image
from copycar.core.progress import OnProgress
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.record import PILOT_ANGLE, Record
from copycar.tubs.tub import Tub
from copycar.tubs.work.made import Made
from copycar.tubs.work.rewrite import rewrite

MIRRORED_KEYS = (PILOT_ANGLE, "track/cross_track_error_m", "track/heading_error_rad")
"""Further numbers that change their sign. What an IMU measures is kept: its axes depend on how it is mounted."""

Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; the last two are just outside."""


def flip(
    tub: Tub,
    path: Path,
    *,
    hud: Rectangle | None = None,
    keep_steering: bool = False,
    on_progress: OnProgress | None = None,
) -> Made:
    """Write the mirrored twin of `tub`. A split for training keeps it on its parent's side, as times are kept.

    Args:
        tub: the original, left alone.
        path: the new tub; must not exist.
        hud: part of the picture that is not scenery (map, score) and stays as it is, and with it the same part on the
            other side, so that no mirror image of it appears there.
        keep_steering: mirror the pictures only: the cure for a camera that is mounted or read mirrored.
        on_progress: is told (frames done, frames in all).

    Raises:
        CopycarError: `path` exists, the rectangle is not inside the picture, or nothing can be read.
    """
    if hud:
        _check_inside(hud, tub.image_size)
    about = {"twin_of": {"tub": tub.path.name, "fingerprint": fingerprint(tub), "has_kept_steering": keep_steering}}
    return rewrite(
        tub,
        path,
        picture=lambda image: mirror(image, hud),
        label=(lambda record: record) if keep_steering else mirror_label,
        metadata=about,
        on_progress=on_progress,
    )


def mirror(image: Image, hud: Rectangle | None = None) -> Image:
    """Return the mirror image, (H, W, 3), with the rectangle `hud` and its counterpart on the other side unmirrored."""
    mirrored = np.ascontiguousarray(image[:, ::-1])
    if hud:
        left, top, right, bottom = hud
        width = image.shape[1]
        for a, b in ((left, right), (width - right, width - left)):
            mirrored[top:bottom, a:b] = image[top:bottom, a:b]
    return mirrored


def mirror_label(record: Record) -> Record:
    """Return the record with the opposite steering, and what else changes its sign."""
    steering, throttle = record.action
    values = {key: -value if key in MIRRORED_KEYS else value for key, value in record.values.items()}
    return replace(record, action=Action(0.0 - steering, throttle), values=values)


def _check_inside(hud: Rectangle, size: tuple[int, int]) -> None:
    left, top, right, bottom = hud
    height, width = size
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise CopycarError(
            f"the rectangle {left},{top},{right},{bottom} is not inside the picture",
            f"pictures have {width}x{height} pixels",
            "give left,top,right,bottom",
        )
