"""One picture of a recording as HTML: its own JPEG bytes, or a box that says why there is none."""

import base64
from html import escape
from pathlib import Path

from copycar.tubs.jpeg import decode_jpeg, encode_jpeg, jpeg_size, what_is_wrong
from copycar.tubs.read import read_picture

MOST_BYTES = 40_000  # of a picture put in as it is; larger ones are shrunk
WIDTH_PX = 320


def picture_figure(path: Path, caption: str, over: str = "") -> str:
    """Return a figure with the picture at `path`.

    Args:
        path: a JPEG file.
        caption: plain text below it.
        over: an SVG element that is laid over the picture, where there is one.
    """
    data = read_picture(path)
    fault = what_is_wrong(data)
    if fault:
        shown = f'<div class="gone">{escape(path.name)}<br>{escape(fault)}</div>'
    else:
        text = base64.b64encode(_small(data)).decode("ascii")
        shown = f'<img src="data:image/jpeg;base64,{text}" alt="{escape(caption)}">'
        shown = f'<div class="over">{shown}{over}</div>' if over else shown
    return f"<figure>{shown}<figcaption>{escape(caption)}</figcaption></figure>"


def _small(data: bytes) -> bytes:
    size = jpeg_size(data)
    if len(data) <= MOST_BYTES:
        return data
    step = max(1, size[1] // WIDTH_PX)
    return encode_jpeg(decode_jpeg(data, size)[::step, ::step])
