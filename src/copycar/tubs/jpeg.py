"""Pictures to JPEG bytes and back, by libjpeg-turbo. Knows nothing of files and records."""

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.frame import Image

QUALITY = 85
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"  # PNG specification, 5.2


def encode_jpeg(image: Image, quality: int = QUALITY) -> bytes:
    """Return the picture as JPEG, colour at half resolution as Pillow and so donkeycar do.

    Args:
        image: uint8 (H, W, 3) RGB.
        quality: 1 … 100. donkeycar writes 75.

    Raises:
        CopycarError: `image` has another shape or type.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise CopycarError(
            f"a picture of shape {image.shape} and type {image.dtype} cannot be recorded",
            "pictures are uint8 of shape (height, width, 3), RGB",
        )
    data: bytes = simplejpeg.encode_jpeg(
        np.ascontiguousarray(image), quality=quality, colorspace="RGB", colorsubsampling="420"
    )
    return data


def decode_jpeg(data: bytes, size: tuple[int, int]) -> Image:
    """Return the picture, uint8 (H, W, 3) RGB.

    Args:
        data: the file's bytes.
        size: (height, width) that it must have.

    Raises:
        ValueError: not a JPEG, damaged, or of another size.
    """
    image = np.empty((*size, 3), dtype=np.uint8)
    decode_jpeg_into(data, image)
    return image


def decode_jpeg_into(data: bytes | memoryview, image: NDArray[np.uint8]) -> None:
    """Decode into `image`, uint8 (H, W, 3), contiguous; its content is undefined after an error.

    Raises:
        ValueError: not a JPEG, damaged, or of another size.
    """
    decoded = simplejpeg.decode_jpeg(data, colorspace="RGB", buffer=image)
    if decoded.shape != image.shape:
        raise ValueError(f"another size: {decoded.shape[1]}x{decoded.shape[0]}")


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return (height, width) in pixels from the header.

    Raises:
        ValueError: not a JPEG, or its header is damaged.
    """
    height, width, _, _ = simplejpeg.decode_jpeg_header(data)
    return height, width


def what_is_wrong(data: bytes, size: tuple[int, int] | None = None) -> str:
    """Say in plain words why `data` could not be used; "" where nothing is wrong.

    Args:
        data: the file's bytes.
        size: (height, width) that the picture should have.
    """
    if not data:
        return "the file is empty"
    if data.startswith(PNG_MAGIC):
        return "a PNG; tubs hold JPEG pictures"
    try:
        found = jpeg_size(data)
        if size and found != size:
            return odd_size(found, size)
        decode_jpeg(data, found)
    except ValueError as error:
        return f"damaged JPEG ({error})"
    return ""


def odd_size(found: tuple[int, int], usual: tuple[int, int]) -> str:
    """Say that a picture has another (height, width) than usual."""
    return f"{found[1]}x{found[0]} pixels, the others have {usual[1]}x{usual[0]}"
