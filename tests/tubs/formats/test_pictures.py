import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from copycar.testing.tub import draw_line
from copycar.tubs.formats.pictures import original_png, picture_size, to_jpeg, to_png
from copycar.tubs.formats.png import decode_png, encode_png, png_length
from copycar.tubs.jpeg import decode_jpeg, encode_jpeg

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, SIZES))
def test_png_keeps_every_pixel(image):
    data = encode_png(image)
    assert np.array_equal(decode_png(data), image)
    assert picture_size(data) == image.shape[:2]
    assert png_length(data) == len(data)


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, SIZES), st.integers(1, 100))
def test_a_jpeg_comes_back_from_a_png_byte_for_byte(image, quality):
    jpeg = encode_jpeg(image, quality)
    png = to_png(jpeg)
    assert np.array_equal(decode_png(png), decode_jpeg(jpeg, image.shape[:2]))
    assert to_jpeg(png) == jpeg


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, SIZES), st.integers(1, 100))
def test_a_png_comes_back_from_a_jpeg_byte_for_byte(image, quality):
    png = encode_png(image)
    jpeg = to_jpeg(png, quality)
    assert decode_jpeg(jpeg, image.shape[:2]).shape == image.shape
    assert to_png(jpeg) == png
    assert original_png(to_jpeg(png, quality, keeps_original=False)) == b""


def test_a_changed_png_is_encoded_anew():
    image = draw_line(0.3, (24, 32))
    png = to_png(encode_jpeg(image))
    mirrored = encode_png(np.ascontiguousarray(decode_png(png)[:, ::-1]))
    jpeg = to_jpeg(mirrored + png[png_length(png) :])
    assert np.abs(decode_jpeg(jpeg, (24, 32)).astype(int) - decode_png(mirrored)).mean() < 3


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_torn_or_bent_png_is_never_taken_for_a_whole_one(data):
    png = encode_png(draw_line(0.1, (12, 16)))
    place = data.draw(st.integers(0, len(png) - 1))
    with pytest.raises(ValueError):
        decode_png(png[:place])
    with pytest.raises(ValueError):
        decode_png(png[:place] + bytes([png[place] ^ 1]) + png[place + 1 :])


@pytest.mark.parametrize("junk", [b"", b"GIF89a", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_refused(junk):
    with pytest.raises(ValueError):
        to_jpeg(junk)


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header():
    png = bytearray(encode_png(draw_line(0.0, (8, 8))))
    png[16:24] = (100_000).to_bytes(4, "big") * 2
    with pytest.raises(ValueError, match="100000x100000"):
        picture_size(bytes(png))


@pytest.mark.parametrize("pixel_format", ["gray", "rgba", "pal8", "rgb48be"])
def test_other_kinds_of_png_are_read(pixel_format):
    codec = av.CodecContext.create("png", "w")
    codec.width, codec.height, codec.pix_fmt, codec.time_base = 16, 8, pixel_format, 1
    frame = av.VideoFrame(16, 8, pixel_format)
    for plane in frame.planes:
        plane.update(bytes([200]) * plane.buffer_size)
    data = b"".join(map(bytes, [*codec.encode(frame), *codec.encode(None)]))
    image = decode_png(data)
    assert image.shape == (8, 16, 3)
    assert np.abs(image.astype(int) - 200).max() <= 1
