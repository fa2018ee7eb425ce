"""16-bit grey pictures, such as a depth camera's millimetres, as PNG and back. Knows nothing of recordings.

Format: PNG specification (ISO/IEC 15948), colour type 0, 16 bits, not interlaced. numpy and zlib suffice, so that a
car needs no further package to record depth.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.jpeg import PNG_MAGIC

Depth = NDArray[np.uint16]

LEVEL = 1  # of zlib: 6 takes five times as long and saves a tenth
MOST_PIXELS = 50_000_000  # a header that claims more is damaged, or a trap

_UP = 2  # filter: each row is stored as the difference to the row above


def encode_depth(depth: Depth) -> bytes:
    """Return a PNG of (H, W) uint16, without loss.

    Raises:
        ValueError: another shape or type.
    """
    if depth.dtype != np.uint16 or depth.ndim != 2 or 0 in depth.shape:
        raise ValueError(f"depth pictures are uint16 (H, W), this is {depth.dtype} {depth.shape}")
    rows = np.ascontiguousarray(depth.astype(">u2")).view(np.uint8).reshape(len(depth), -1)
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = np.hstack([np.full((len(rows), 1), _UP, np.uint8), rows - above])  # wraps, as the format asks
    header = struct.pack(">IIBBBBB", depth.shape[1], depth.shape[0], 16, 0, 0, 0, 0)
    data = zlib.compress(filtered.tobytes(), LEVEL)
    return PNG_MAGIC + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def decode_depth(data: bytes) -> Depth:
    """Return (H, W) uint16.

    Raises:
        ValueError: not a PNG, damaged, or not one grey channel of 16 bits.
    """
    header, packed = _read_chunks(data)
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if (bits, colour, interlaced) != (16, 0, 0) or not 0 < width * height <= MOST_PIXELS:
        raise ValueError(f"a PNG of {width}x{height}, {bits} bits and colour type {colour}; depth is 16 bits and grey")
    n_bytes = height * (2 * width + 1)
    try:
        raw = zlib.decompressobj().decompress(packed, n_bytes)
    except zlib.error as error:
        raise ValueError(f"damaged PNG ({error})") from error
    if len(raw) != n_bytes:
        raise ValueError("damaged PNG (it ends too early)")
    rows = np.frombuffer(raw, dtype=np.uint8).reshape(height, -1)
    pixels = np.zeros((height, 2 * width), dtype=np.uint8)
    above = np.zeros(2 * width, dtype=np.uint8)
    for place, row in enumerate(rows):
        pixels[place] = above = _unfiltered(int(row[0]), row[1:], above)
    return np.asarray(pixels.view(">u2").astype(np.uint16))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _read_chunks(data: bytes) -> tuple[bytes, bytes]:
    """Return the header and all compressed data."""
    if not data.startswith(PNG_MAGIC):
        raise ValueError("not a PNG")
    header, packed, place = b"", [], len(PNG_MAGIC)
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        name, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        header = content if name == b"IHDR" else header
        packed += [content] if name == b"IDAT" else []
        place += 12 + length
    if len(header) != 13 or not packed:
        raise ValueError("damaged PNG (header or pixels are missing)")
    return header, b"".join(packed)


def _unfiltered(kind: int, row: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Undo one row's filter; all sums wrap at 256. Two bytes are a pixel."""
    if kind == 0:
        return row
    if kind == 1:  # difference to the pixel on the left
        return np.asarray(np.cumsum(row.reshape(-1, 2), axis=0, dtype=np.uint8).ravel())
    if kind == _UP:
        return np.asarray(row + above)
    if kind in (3, 4):
        return _unfiltered_slowly(kind, row, above)
    raise ValueError(f"damaged PNG (filter {kind})")


def _unfiltered_slowly(kind: int, row: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Undo the average (3) and the Paeth (4) filter, byte by byte."""
    out = [0, 0, *row.tolist()]
    up = [0, 0, *above.tolist()]
    for place in range(2, len(out)):
        left, over, corner = out[place - 2], up[place], up[place - 2]
        guess = (left + over) // 2 if kind == 3 else _paeth(left, over, corner)
        out[place] = (out[place] + guess) & 255
    return np.array(out[2:], dtype=np.uint8)


def _paeth(left: int, over: int, corner: int) -> int:
    estimate = left + over - corner
    return min((left, over, corner), key=lambda value: abs(estimate - value))
