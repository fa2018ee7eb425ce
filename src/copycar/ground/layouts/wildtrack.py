"""WILDTRACK: seven real cameras on a square in Zurich (Chavdarova et al., CVPR 2018). Reads it as a `Scene`.

Positions are cells of 2.5 cm: `x = -3 m + 0.025 (id mod 480)`, `y = -9 m + 0.025 (id div 480)`. Extrinsics are in
centimetres; pictures are undistorted already, so the `intrinsic_zero` files hold.
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

NAMES = ("CVLab1", "CVLab2", "CVLab3", "CVLab4", "IDIAP1", "IDIAP2", "IDIAP3")
"""In the order of the picture folders C1 … C7."""

SIZE = (1080, 1920)
CELL_M, N_ACROSS, N_ALONG = 0.025, 480, 1440
X0_M, Y0_M = -3.0, -9.0
RATE_HZ = 2.0


def is_here(folder: Path) -> bool:
    """Return whether `folder` is WILDTRACK."""
    return (folder / "calibrations/extrinsic" / f"extr_{NAMES[0]}.xml").is_file()


def read(folder: Path) -> Scene:
    """Return the data set.

    Raises:
        CopycarError: a damaged or missing file.
    """
    cameras = read_cameras(folder, "intrinsic_zero", NAMES, _camera)
    area = (X0_M, Y0_M, X0_M + N_ACROSS * CELL_M, Y0_M + N_ALONG * CELL_M)
    return Scene(folder, cameras, read_moments(folder, len(NAMES), to_ground), PERSON, RATE_HZ, area)


def to_ground(positions: NDArray[np.int64]) -> Array:
    """Return the metres (N, 2) of position numbers (N,).

    >>> to_ground(np.array([0, 481])).round(3).tolist()
    [[-3.0, -9.0], [-2.975, -8.975]]
    """
    across, along = positions % N_ACROSS, positions // N_ACROSS
    return np.stack([X0_M + across * CELL_M, Y0_M + along * CELL_M], axis=-1)


def _camera(name: str, intrinsic: Path, extrinsic: Path) -> Calibration:
    matrix = read_numbers(intrinsic, "camera_matrix", 9).reshape(3, 3)
    rotation, _ = cv2.Rodrigues(read_numbers(extrinsic, "rvec", 3))
    translation_m = read_numbers(extrinsic, "tvec", 3) / 100
    return Calibration(name, camera_from(SIZE, matrix, np.asarray(rotation, dtype=np.float64), translation_m))
