"""Reads pictures as the network and people want them: undistorted, RGB, at one size. Knows nothing of labels."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.core.progress import OnProgress
from copycar.ground.calibration import Calibration
from copycar.ground.pictures import read_picture
from copycar.ground.scene import Moment
from copycar.tubs.parallel import usable_cores

Maps = tuple[Array, Array]


class FrameReader:
    """Reads moments as arrays of pictures.

    Args:
        cameras: their calibrations, with the size of the raw pictures.
        size: (height, width) px to scale to.
    """

    def __init__(self, cameras: Sequence[Calibration], size: tuple[int, int]) -> None:
        self._cameras, self._size = cameras, size
        self._maps = [_undistortion(camera) if camera.is_distorted else None for camera in cameras]

    def read(self, moment: Moment) -> Image:
        """Return the pictures of a moment, uint8 (V, height, width, 3) RGB.

        Raises:
            CopycarError: one is missing, damaged, or of another size than calibrated.
        """
        return np.stack([self.view(view, path) for view, path in enumerate(moment.pictures)])

    def read_all(self, moments: Sequence[Moment], on_progress: OnProgress | None = None) -> Image:
        """Return the pictures of many moments, uint8 (N, V, height, width, 3) RGB, decoded in threads."""
        pictures = np.empty((len(moments), len(self._cameras), *self._size, 3), dtype=np.uint8)
        with ThreadPoolExecutor(usable_cores()) as pool:
            for number, read in enumerate(pool.map(self.read, moments)):
                pictures[number] = read
                if on_progress:
                    on_progress(number + 1, len(moments))
        return pictures

    def view(self, view: int, path: Path | None) -> Image:
        """Return the picture of one camera, uint8 (height, width, 3) RGB.

        Raises:
            CopycarError: it is missing, damaged, or of another size than calibrated.
        """
        if path is None:
            name = self._cameras[view].name
            raise CopycarError(f"{name} has no picture of a moment", fix="copycar ground check names it")
        return self.prepared(view, read_picture(path), str(path))

    def prepared(self, view: int, picture: Image, name: str) -> Image:
        """Return a raw picture of one camera as `view` does; `name` is for messages.

        Raises:
            CopycarError: it is of another size than calibrated.
        """
        calibration, maps = self._cameras[view], self._maps[view]
        camera = calibration.camera
        if picture.shape[:2] != (camera.height_px, camera.width_px):
            raise CopycarError(
                f"{name} has {picture.shape[1]} x {picture.shape[0]} pixels",
                f"{calibration.name} was calibrated at {camera.width_px} x {camera.height_px}",
                "calibrate at the size of the pictures, or extract them at the calibrated size",
            )
        if maps is not None:
            picture = np.asarray(cv2.remap(picture, *maps, cv2.INTER_LINEAR), dtype=np.uint8)
        if picture.shape[:2] != self._size:
            picture = np.asarray(cv2.resize(picture, self._size[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
        return picture


def size_within(cameras: Sequence[Calibration], width_px: int) -> tuple[int, int]:
    """Return the (height, width) px to scale the first camera's pictures to: at most so wide, both divisible by 4."""
    camera = cameras[0].camera
    width = min(width_px, camera.width_px) // 4 * 4
    return max(4, round(camera.height_px * width / camera.width_px / 4) * 4), width


def _undistortion(calibration: Calibration) -> Maps:
    """Return for every pixel of the undistorted picture where it is in the raw one; K stays the same."""
    camera = calibration.camera
    matrix, size = camera.intrinsics, (camera.width_px, camera.height_px)
    first, second = cv2.initUndistortRectifyMap(matrix, calibration.distortion, np.eye(3), matrix, size, cv2.CV_32FC1)
    return np.asarray(first), np.asarray(second)
