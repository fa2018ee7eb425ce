"""Makes a picture smaller, each pixel the mean of those it covers. Knows nothing of where it comes from."""

import numpy as np

from copycar.core.frame import Image


def resized(picture: Image, width: int, height: int) -> Image:
    """Return `picture` (H, W, 3) as (height, width, 3), a new array.

    Smaller ones average the whole pixels that fall together; larger ones repeat pixels.

    >>> resized(np.arange(12, dtype=np.uint8).reshape(2, 2, 3), 1, 1).tolist()
    [[[4, 5, 6]]]
    >>> resized(np.arange(9, dtype=np.uint8).reshape(1, 3, 3), 2, 1).tolist()
    [[[0, 1, 2], [4, 5, 6]]]
    """
    if picture.shape[:2] == (height, width):
        return picture.copy()
    rows, columns = (_starts(size, into) for size, into in zip(picture.shape, (height, width), strict=False))
    if height > picture.shape[0] or width > picture.shape[1]:
        return np.ascontiguousarray(picture[rows][:, columns])
    sums = np.add.reduceat(np.add.reduceat(picture, rows, axis=0, dtype=np.uint32), columns, axis=1)
    counts = np.diff([*rows, picture.shape[0]])[:, None, None] * np.diff([*columns, picture.shape[1]])[:, None]
    return (sums // counts.astype(np.uint32)).astype(np.uint8)


def _starts(size: int, into: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the first of the pixels that each new one covers."""
    return np.arange(into) * size // into
