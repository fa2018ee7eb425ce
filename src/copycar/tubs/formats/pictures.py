"""Pictures between the formats: JPEG in tubs, PNG in most games' recordings. Knows nothing of records.

JPEG loses a little whenever a picture is encoded, PNG loses nothing. So that a recording comes back bit for bit from
either side, a converted picture carries the file that it was made from behind its own end, where every reader of JPEG
and of PNG stops reading: JPEG + the PNG it came from, PNG + the JPEG it came from. An editor that changes the picture
writes a new file without the tail.
"""

import simplejpeg

from copycar.core.frame import Image
from copycar.tubs.formats.png import decode_png, encode_png, png_length, png_size
from copycar.tubs.jpeg import PNG_MAGIC, decode_jpeg, jpeg_size

QUALITY = 90  # with full colour resolution: game pictures err by 50 of 255 at worst, by 250 with half (measured)
JPEG_END = b"\xff\xd9"
JPEG_MAGIC = b"\xff\xd8"
MOST_PIXELS = 50_000_000  # no camera of a small car has a sensor like that; a decoded picture takes 3 bytes per pixel


def picture_size(picture: bytes | Image) -> tuple[int, int]:
    """Return (height, width) in pixels, from the header alone.

    Raises:
        ValueError: neither JPEG nor PNG, or larger than any camera's.
    """
    if not isinstance(picture, bytes):
        return picture.shape[0], picture.shape[1]
    if not picture:
        raise ValueError("an empty file")
    if not picture.startswith((PNG_MAGIC, JPEG_MAGIC)):
        raise ValueError("neither a JPEG nor a PNG")
    height, width = png_size(picture) if picture.startswith(PNG_MAGIC) else jpeg_size(picture)
    if height * width > MOST_PIXELS:
        raise ValueError(f"{width}x{height} pixels")
    return height, width


def decode_picture(picture: bytes) -> Image:
    """Return the pixels of a JPEG or PNG file, uint8 (H, W, 3) RGB.

    Raises:
        ValueError: neither JPEG nor PNG, or damaged.
    """
    size = picture_size(picture)
    return decode_png(picture) if picture.startswith(PNG_MAGIC) else decode_jpeg(picture, size)


def to_jpeg(picture: bytes | Image, quality: int = QUALITY, *, keeps_original: bool = True) -> bytes:
    """Return a JPEG file; the very same bytes where it was one, or was made from one.

    Args:
        picture: JPEG or PNG file, or pixels uint8 (H, W, 3) RGB.
        quality: 1 … 100, for pictures that are no JPEG yet.
        keeps_original: append the PNG that the JPEG was made from.

    Raises:
        ValueError: neither JPEG nor PNG, or damaged.
    """
    if not isinstance(picture, bytes):
        return _encode(picture, quality)
    if picture.startswith(PNG_MAGIC):
        return _from_png(picture, quality, keeps_original)
    decode_jpeg(picture, picture_size(picture))  # a damaged one must not slip in
    return picture


def to_png(jpeg: bytes) -> bytes:
    """Return a PNG file with the pixels of `jpeg`; the original where the JPEG was made from a PNG.

    Raises:
        ValueError: not a JPEG, or damaged.
    """
    original = original_png(jpeg)
    return original or encode_png(decode_jpeg(jpeg, jpeg_size(jpeg))) + jpeg


def original_png(jpeg: bytes) -> bytes:
    """Return the PNG that `jpeg` was made from and carries behind its end; empty where it carries none."""
    end = jpeg.rfind(JPEG_END + PNG_MAGIC)
    return jpeg[end + len(JPEG_END) :] if end >= 0 else b""


def _from_png(data: bytes, quality: int, keeps_original: bool) -> bytes:
    image = decode_png(data)
    end = png_length(data)
    tail = data[end:]
    if tail and _shows(tail, image):
        return tail
    return _encode(image, quality) + (data[:end] if keeps_original else b"")


def _shows(jpeg: bytes, image: Image) -> bool:
    """Return whether the JPEG behind a PNG still belongs to it."""
    try:
        return bool((decode_jpeg(jpeg, (image.shape[0], image.shape[1])) == image).all())
    except ValueError:
        return False


def _encode(image: Image, quality: int) -> bytes:
    data: bytes = simplejpeg.encode_jpeg(image, quality=quality, colorspace="RGB", colorsubsampling="444")
    return data
