"""Numbers out of the calibration XML files of WILDTRACK and MultiviewX. Knows nothing of cameras."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError


def read_numbers(path: Path, name: str, count: int | None = None) -> Array:
    """Return the numbers below the element `name`: OpenCV's `<data>` of a matrix, or plain text.

    Args:
        path: the XML file.
        name: of the element, `camera_matrix` or `rvec`.
        count: how many there must be; None: any number.

    Raises:
        CopycarError: naming the file and what is missing.
    """
    try:
        found = ElementTree.parse(path).getroot().find(name)
        element = found if found is None or found.find("data") is None else found.find("data")
        numbers = np.array([float(word) for word in (element.text or "").split()] if element is not None else [])
    except (OSError, ElementTree.ParseError, ValueError) as error:
        raise CopycarError(f"{path} cannot be read", str(error), "bring back the data set's own file") from error
    if not len(numbers) or (count is not None and len(numbers) != count):
        wanted = "numbers" if count is None else f"{count} numbers"
        raise CopycarError(f"{path}: <{name}> should hold {wanted}", f"it holds {len(numbers)}", "bring it back")
    return numbers
