"""What every reader of a foreign format yields: a frame, and its picture as the source has it. Reads nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from copycar.core.frame import Action, Decision, Frame, Image

NO_IMAGE: Image = np.zeros((0, 0, 3), dtype=np.uint8)
"""Stands in `Frame.image` while the picture is still encoded."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame on its way into a tub.

    Attributes:
        frame: decision, time and extra keys; its `image` is not looked at.
        picture: the bytes of a JPEG or PNG file, or decoded pixels, uint8 (H, W, 3) RGB.
        place: where it stood in the source, for messages ("data.csv line 7").
        episode: frames with equal values in a row are one uninterrupted drive.
        wall_s: seconds since 1970 at capture; 0 where the source does not tell.
        is_deleted: the source marks it as deleted.
    """

    frame: Frame
    picture: bytes | Image
    place: str
    episode: int = 0
    wall_s: float = 0.0
    is_deleted: bool = False


def human_frame(action: Action, t_s: float, extras: Mapping[str, Any] | None = None) -> Frame:
    """Return the frame of somebody who drove by hand; `t_s` counts seconds from any start."""
    return Frame(NO_IMAGE, Decision(action, action, "human"), round(t_s * 1e9), extras or {})
