"""The picture of `preview`, of a few frames of one tub and quickly: to be drawn anew while somebody moves a slider."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.core.vehicle import VEHICLE_KEY, Vehicle
from copycar.learning.augment.preview import Floats, Pictures, columns
from copycar.learning.augment.preview_page import draw_page
from copycar.learning.augment.settings import Augmentation
from copycar.tubs.load import load_images
from copycar.tubs.tub import Tub

N_FRAMES = 2
KEPT_TUBS = 4


def live_preview(tub: Path, settings: Augmentation, seed: int = 0) -> Image:
    """Return frames of `tub` in rows and each variation in a column, uint8 (H, W, 3).

    Args:
        tub: folder; its frames are read once and remembered.
        settings: how far to go.
        seed: draws the light.

    Raises:
        CopycarError: no such tub, or no usable frame in it.
    """
    pictures, steering, vehicle = _frames(tub)
    shown = columns(pictures, steering, settings, vehicle, seed)
    return draw_page(shown, vehicle.camera(pictures.shape[2], pictures.shape[1]) if vehicle else None)


@lru_cache(maxsize=KEPT_TUBS)
def _frames(folder: Path) -> tuple[Pictures, Floats, Vehicle | None]:
    """Return frames from the middle of a recording: a drive begins and ends standing."""
    tub = Tub.open(folder)
    if not len(tub.records):
        raise CopycarError(f"{folder} has no frame to show", "all of them are deleted", "restore some")
    rows = np.linspace(0, len(tub.records) - 1, N_FRAMES + 2).round().astype(np.int64)[1:-1]
    images = load_images(tub.records.take(rows))
    described = tub.metadata.get(VEHICLE_KEY)
    steering = images.records.actions[:, 0].clip(-1, 1).astype(np.float32)
    return images[np.arange(len(images.records))], steering, Vehicle.from_json(described) if described else None
