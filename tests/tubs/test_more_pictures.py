import contextlib
import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from copycar.core.errors import CopycarError
from copycar.testing.tub import draw_line, make_frame
from copycar.tubs.depth import decode_depth, encode_depth
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

EXTRAS = {"cam/image_array_b": "image_array", "cam/depth_array": "gray16_array", "lidar/dist_array": "nparray"}


def record(folder, **extras):
    with TubWriter(folder, extras=EXTRAS) as writer:
        writer.append(make_frame(image_size=(16, 24), extras=extras))
    return Tub.open(folder)


@given(depth=arrays(np.uint16, array_shapes(min_dims=2, max_dims=2, max_side=12)))
def test_depth_comes_back_exactly(depth):
    np.testing.assert_array_equal(decode_depth(encode_depth(depth)), depth)


@pytest.mark.parametrize("prediction", ["none", "sub", "up", "avg", "paeth", "mixed"])
def test_depth_of_other_writers_is_read(prediction):
    av = pytest.importorskip("av")
    depth = np.random.default_rng(0).integers(0, 65536, (10, 14)).astype(np.uint16)
    depth[3:7] = np.arange(14) * 300
    codec = av.CodecContext.create("png", "w")
    codec.height, codec.width, codec.pix_fmt, codec.time_base = 10, 14, "gray16be", Fraction(1)
    codec.options = {"pred": prediction}
    frame = av.VideoFrame.from_ndarray(depth, format="gray16be")
    data = b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])
    np.testing.assert_array_equal(decode_depth(data), depth)


@given(cut=st.integers(0, 300), flip=st.integers(0, 300))
def test_a_damaged_depth_picture_is_an_error_in_words(cut, flip):
    data = bytearray(encode_depth(np.arange(60, dtype=np.uint16).reshape(6, 10)))
    data[flip % len(data)] ^= 0xFF
    with contextlib.suppress(ValueError):
        decode_depth(bytes(data[: len(data) - cut % len(data)]))


def test_further_cameras_and_depth_come_back(tmp_path):
    second, depth = draw_line(-0.5, (20, 30)), np.arange(16 * 24, dtype=np.uint16).reshape(16, 24) * 100
    tub = record(
        tmp_path, **{"cam/image_array_b": second, "cam/depth_array": depth, "lidar/dist_array": np.array([1.5, np.inf])}
    )
    (frame,) = tub.frames()
    np.testing.assert_array_equal(frame.extras["cam/depth_array"], depth)
    assert np.abs(frame.extras["cam/image_array_b"].astype(int) - second).mean() < 6
    assert frame.extras["lidar/dist_array"] == [1.5, None]
    line = json.loads((tmp_path / "catalog_0.catalog").read_text())
    assert line["cam/depth_array"] == "0_cam_depth_array_.png"
    assert line["cam/image_array_b"] == "0_cam_image_array_b_.jpg"
    assert tub.inputs["cam/depth_array"] == "gray16_array"


def test_a_camera_that_gave_nothing_is_left_out(tmp_path):
    tub = record(tmp_path, **{"cam/depth_array": None})
    (tmp_path / "images" / "0_cam_image_array_b_.jpg").write_bytes(encode_jpeg(draw_line(0, (8, 8))))
    (frame,) = tub.frames()
    assert not set(frame.extras) & set(EXTRAS)


@pytest.mark.parametrize("picture", [np.zeros((4, 4)), np.zeros((4, 4, 3), np.uint16), "x"])
def test_what_is_no_depth_picture_is_refused(tmp_path, picture):
    with TubWriter(tmp_path, extras=EXTRAS) as writer, pytest.raises(CopycarError, match="cam/depth_array"):
        writer.append(make_frame(image_size=(16, 24), extras={"cam/depth_array": picture}))


def test_an_undeclared_array_is_refused_in_words(tmp_path):
    with TubWriter(tmp_path) as writer, pytest.raises(CopycarError, match="declare it"):
        writer.append(make_frame(image_size=(16, 24), extras={"lidar": np.zeros(3)}))
