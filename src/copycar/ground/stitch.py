"""The floor as all cameras together show it, from above. Knows cameras and plans; knows nothing of what is on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.frame import Image
from copycar.ground.calibration import Calibration
from copycar.ground.plan import BACK, Plan
from copycar.ground.scene import within


class Stitcher:
    """Lays pictures on the floor: each place is the mean of the views that see it.

    A wrong calibration shows as a ghost: lines on the floor are there twice.

    Args:
        cameras: of the pictures, at their size.
        plan: what is drawn.
    """

    def __init__(self, cameras: Sequence[Calibration], plan: Plan) -> None:
        self._size = plan.size[::-1]
        self._to_picture = [calibration.camera.ground_to_pixel @ _plan_to_ground(plan) for calibration in cameras]
        height, width = plan.size
        corners = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).reshape(-1, 2)
        ground = (np.column_stack([corners, np.ones(len(corners))]) @ _plan_to_ground(plan).T)[:, :2]
        seen = [calibration.sees(ground) & within(ground, plan.area) for calibration in cameras]
        self._seen = np.stack(seen).reshape(len(cameras), height, width).astype(np.float32)
        self._count = self._seen.sum(axis=0)[..., None]

    def floor(self, pictures: Image) -> Image:
        """Return the floor, uint8 (*plan.size, 3), of one moment's pictures (V, H, W, 3)."""
        total = np.zeros((*self._size[::-1], 3), dtype=np.float32)
        for picture, matrix, seen in zip(pictures, self._to_picture, self._seen, strict=True):
            flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            total += cv2.warpPerspective(picture, matrix, self._size, flags=flags) * seen[..., None]
        floor = np.where(self._count > 0, total / np.maximum(self._count, 1), np.array(BACK, dtype=np.float32))
        return np.asarray(floor, dtype=np.uint8)


def _plan_to_ground(plan: Plan) -> Array:
    """Return the (3, 3) matrix from plan pixels to ground metres, the inverse of `Plan.pixels`."""
    x0, _, _, y1 = plan.area
    step = 1 / plan.scale
    shift = plan.margin * step
    return np.array([[step, 0.0, x0 - shift], [0.0, -step, y1 + shift], [0.0, 0.0, 1.0]])
