"""MultiviewX: six cameras of a rendered square (Hou et al., ECCV 2020). Reads it as a `Scene`.

Positions are cells of 2.5 cm: `x = 0.025 (id mod 1000)`, `y = 0.025 (id div 1000)`. All lengths are metres; two cameras
have a little distortion. A box's lower edge is the row of the foot point: `ymax = int(v)` of the raw projection.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.ground.calibration import Calibration, camera_from
from copycar.ground.layouts.opencv_xml import read_numbers
from copycar.ground.layouts.positions import read_cameras, read_moments
from copycar.ground.scene import PERSON, Scene

NAMES = tuple(f"Camera{number}" for number in range(1, 7))
SIZE = (1080, 1920)
CELL_M, N_ALONG_X, N_ALONG_Y = 0.025, 1000, 640
RATE_HZ = 2.0


def is_here(folder: Path) -> bool:
    """Return whether `folder` is MultiviewX."""
    return (folder / "calibrations/extrinsic" / f"extr_{NAMES[0]}.xml").is_file()


def read(folder: Path) -> Scene:
    """Return the data set.

    Raises:
        CopycarError: a damaged or missing file.
    """
    cameras = read_cameras(folder, "intrinsic", NAMES, _camera)
    area = (0.0, 0.0, N_ALONG_X * CELL_M, N_ALONG_Y * CELL_M)
    return Scene(folder, cameras, read_moments(folder, len(NAMES), to_ground), PERSON, RATE_HZ, area)


def to_ground(positions: NDArray[np.int64]) -> Array:
    """Return the metres (N, 2) of position numbers (N,).

    >>> to_ground(np.array([0, 1001])).round(3).tolist()
    [[0.0, 0.0], [0.025, 0.025]]
    """
    return np.stack([positions % N_ALONG_X * CELL_M, positions // N_ALONG_X * CELL_M], axis=-1)


def _camera(name: str, intrinsic: Path, extrinsic: Path) -> Calibration:
    matrix = read_numbers(intrinsic, "camera_matrix", 9).reshape(3, 3)
    distortion = read_numbers(intrinsic, "distortion_coefficients")
    rotation, _ = cv2.Rodrigues(read_numbers(extrinsic, "rvec", 3))
    translation_m = read_numbers(extrinsic, "tvec", 3)
    camera = camera_from(SIZE, matrix, np.asarray(rotation, dtype=np.float64), translation_m)
    return Calibration(name, camera, distortion)
