"""PNG files to pixels and back, by FFmpeg's codec. Knows nothing of recordings."""

import struct
import zlib
from fractions import Fraction
from typing import Any

from copycar.core.errors import require
from copycar.core.frame import Image
from copycar.tubs.jpeg import PNG_MAGIC

EXTRA = "formats"
LEVEL = (
    "1"  # zlib's quickest: a third of the time of FFmpeg's default for 14 % more bytes (measured on a real car's tub)
)


def decode_png(data: bytes) -> Image:
    """Return the picture, uint8 (H, W, 3) RGB; transparency is dropped, 16 bits become 8.

    Raises:
        ValueError: not a PNG, or damaged.
        CopycarError: the package that reads PNG is not installed.
    """
    av: Any = require("av", EXTRA)
    png_length(data)
    codec = av.CodecContext.create("png", "r")
    try:
        frames = [*codec.decode(av.Packet(data)), *codec.decode(None)]
    except av.error.FFmpegError as error:
        raise ValueError(f"damaged PNG ({error.strerror})") from error
    if not frames:
        raise ValueError("damaged PNG (no picture in it)")
    image: Image = frames[0].to_ndarray(format="rgb24")
    return image


def encode_png(image: Image) -> bytes:
    """Return the picture as PNG, without loss.

    Args:
        image: uint8 (H, W, 3) RGB.

    Raises:
        CopycarError: the package that writes PNG is not installed.
    """
    av: Any = require("av", EXTRA)
    codec = av.CodecContext.create("png", "w")
    codec.height, codec.width = image.shape[:2]
    codec.pix_fmt, codec.time_base = "rgb24", Fraction(1, 1)
    codec.options = {"compression_level": LEVEL}
    packets = [*codec.encode(av.VideoFrame.from_ndarray(image, format="rgb24")), *codec.encode(None)]
    return b"".join(bytes(packet) for packet in packets)


def png_size(data: bytes) -> tuple[int, int]:
    """Return (height, width) in pixels from the header.

    Raises:
        ValueError: not a PNG.
    """
    if len(data) < 24 or not data.startswith(PNG_MAGIC) or data[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    width, height = struct.unpack(">II", data[16:24])
    return height, width


def png_length(data: bytes) -> int:
    """Return how many bytes the PNG at the start of `data` takes, after checking every chunk's sum.

    Raises:
        ValueError: not a PNG, truncated, or a sum is wrong.
    """
    if not data.startswith(PNG_MAGIC):
        raise ValueError("not a PNG")
    place = len(PNG_MAGIC)
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        body, end = data[place + 4 : place + 8 + length], place + 12 + length
        if end > len(data) or data[end - 4 : end] != zlib.crc32(body).to_bytes(4, "big"):
            break
        if body[:4] == b"IEND":
            return end
        place = end
    raise ValueError("damaged PNG (truncated, or a wrong check sum)")
