"""One picture from a file, or into one. Knows nothing of cameras."""

from pathlib import Path

import cv2
import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Image

FAST_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 1)


def read_picture(path: Path) -> Image:
    """Return a picture as it is, uint8 (H, W, 3) RGB.

    Raises:
        CopycarError: missing or damaged.
    """
    data = np.fromfile(path, dtype=np.uint8) if path.is_file() else np.zeros(0, dtype=np.uint8)
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if decoded is None:
        raise CopycarError(f"{path} is no picture", "it is empty, torn or missing", "extract or copy it again")
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def write_picture(path: Path, picture: Image) -> None:
    """Write a PNG, or JPEG, by the name's ending.

    Args:
        path: its folder must exist.
        picture: uint8 (H, W, 3) RGB.

    Raises:
        CopycarError: the disk refuses.
    """
    parameters = FAST_PNG if path.suffix == ".png" else ()
    if not cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), parameters):
        raise CopycarError(f"cannot write {path}", fix="make room on the disk, or name a folder that can be written to")
