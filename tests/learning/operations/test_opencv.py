"""The operations are those of OpenCV: against what version 5.0 gave, and against OpenCV where it is installed."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.learning.pipeline import Pipeline, read_steps

GOLDEN = Path(__file__).with_name("opencv.npz")
A_LEVEL = 1.0
ROUNDING = 0.51  # we do not round to whole levels

CORNERS = {"upper_left": 20, "upper_right": 40, "lower_left": 4, "lower_right": 57, "top": 8, "bottom": 40}
CASES = {
    "grey": ({"op": "grey"}, ROUNDING),
    "gaussian_3": ({"op": "blur", "kernel": 3}, ROUNDING),
    "gaussian_11_5": ({"op": "blur", "kernel": 11, "kernel_y": 5}, ROUNDING),
    "box_4_3": ({"op": "blur", "kind": "box", "kernel": 4, "kernel_y": 3}, A_LEVEL),
    "trapezoid": ({"op": "trapezoid", **CORNERS}, 0.0),
    "resized": ({"op": "resize", "width": 41, "height": 33}, A_LEVEL),
    "canny_3": ({"op": "canny"}, 0.0),
    "canny_5": ({"op": "canny", "low": 1500, "high": 500, "aperture": 5}, 0.0),  # the wrong way round, as OpenCV takes
    "canny_7": ({"op": "canny", "low": 20000, "high": 60000, "aperture": 7}, 0.0),
}


@pytest.fixture(scope="module")
def golden():
    return dict(np.load(GOLDEN))


def ours(image, *tables):
    pipeline = Pipeline(image.shape[:2], read_steps(tables))
    return pipeline(torch.from_numpy(image)[None])[0].permute(1, 2, 0).numpy()


def difference(got, expected):
    """Largest difference of a grey level; a picture of one channel stands for three equal ones."""
    return np.abs(got - (expected if expected.ndim == 3 else expected[..., None])).max()


def difference_of_hsv(got, expected):
    """The same; hue runs in a circle of 180."""
    apart = np.abs(got - expected)
    apart[..., 0] = np.minimum(apart[..., 0], 180 - apart[..., 0])
    return apart.max()


@pytest.mark.parametrize("name", CASES)
def test_an_operation_gives_what_opencv_stored(golden, name):
    table, tolerance = CASES[name]
    assert difference(ours(golden["picture"], table), golden[name]) <= tolerance


def test_hue_and_back_are_those_that_opencv_stored(golden):
    hsv = ours(golden["picture"], {"op": "colour", "convert": "rgb_to_hsv"})
    assert difference_of_hsv(hsv, golden["hsv"]) < A_LEVEL
    back = ours(golden["hsv"], {"op": "colour", "convert": "hsv_to_rgb"})
    assert difference(back, golden["rgb_of_hsv"]) <= A_LEVEL + 0.01


def _random_picture(seed, height, width, calm):
    """Noise, or steps of brightness as large as a quarter of the picture, which have long edges."""
    random = np.random.default_rng(seed)
    if not calm:
        return random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return np.kron(random.integers(0, 256, (4, 4, 3)), np.ones((16, 16, 1)))[:height, :width].astype(np.uint8)


pictures = st.builds(
    _random_picture,
    st.integers(0, 2**32 - 1),
    st.integers(16, 61),
    st.integers(16, 61),
    st.booleans(),
)


@pytest.fixture(scope="module")
def cv2():
    return pytest.importorskip("cv2", reason="OpenCV is not installed: the stored results alone were compared")


@settings(max_examples=30, deadline=None)
@given(image=pictures, kernel=st.sampled_from([1, 3, 5, 7, 9, 11, 15]), kernel_y=st.sampled_from([1, 3, 9, 13]))
def test_blurring_is_within_a_grey_level_of_opencv(cv2, image, kernel, kernel_y):
    blurred = ours(image, {"op": "blur", "kernel": kernel, "kernel_y": kernel_y})
    assert difference(blurred, cv2.GaussianBlur(image, (kernel, kernel_y), 0)) < A_LEVEL
    blurred = ours(image, {"op": "blur", "kind": "box", "kernel": kernel, "kernel_y": kernel_y})
    assert difference(blurred, cv2.blur(image, (kernel, kernel_y))) < A_LEVEL


@settings(max_examples=30, deadline=None)
@given(image=pictures, kind=st.sampled_from(["rgb_to_hsv", "bgr_to_hsv"]))
def test_hue_is_within_a_unit_of_opencv(cv2, image, kind):
    code = cv2.COLOR_RGB2HSV if kind == "rgb_to_hsv" else cv2.COLOR_BGR2HSV
    assert difference_of_hsv(ours(image, {"op": "colour", "convert": kind}), cv2.cvtColor(image, code)) < A_LEVEL


@settings(max_examples=30, deadline=None)
@given(
    image=pictures,
    thresholds=st.tuples(st.integers(20, 300), st.integers(20, 300)),
    aperture=st.sampled_from([3, 5, 7]),
)
def test_edges_are_opencvs_but_for_ends_of_long_weak_ones(cv2, image, thresholds, aperture):
    low, high = (value * {3: 1, 5: 10, 7: 150}[aperture] for value in thresholds)
    edges = ours(image, {"op": "canny", "low": low, "high": high, "aperture": aperture})[..., 0]
    theirs = cv2.Canny(image, low, high, apertureSize=aperture)
    assert not ((edges > 0) & (theirs == 0)).any()  # none that is not theirs
    assert ((edges > 0) != (theirs > 0)).mean() < 0.02


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(0, 79), st.integers(0, 79)).map(sorted),
    st.tuples(st.integers(0, 79), st.integers(0, 79)).map(sorted),
    st.tuples(st.integers(0, 59), st.integers(0, 59)).filter(lambda rows: rows[0] != rows[1]).map(sorted),
)
def test_a_trapezoid_is_opencvs_but_for_a_pixel_at_a_slanting_side(cv2, upper, lower, rows):
    image = np.full((60, 80, 3), 255, dtype=np.uint8)
    table = {
        "op": "trapezoid",
        "upper_left": upper[0],
        "upper_right": upper[1],
        "lower_left": lower[0],
        "lower_right": lower[1],
        "top": rows[0],
        "bottom": rows[1],
    }
    kept = ours(image, table)[..., 0] > 0
    theirs = np.zeros((60, 80), dtype=np.int32)
    corners = [[upper[0], rows[0]], [upper[1], rows[0]], [lower[1], rows[1]], [lower[0], rows[1]]]
    cv2.fillConvexPoly(theirs, np.array(corners, dtype=np.int32), 1)
    assert (kept != (theirs > 0)).sum(axis=1).max() <= 2  # one at each side


@settings(max_examples=20, deadline=None)
@given(image=pictures, factor=st.sampled_from([0.75, 1.0, 1.5, 2.0]))
def test_scaling_is_within_a_grey_level_of_opencv_where_it_does_not_halve(cv2, image, factor):
    resized = ours(image, {"op": "scale", "width": factor})
    size = resized.shape[1], resized.shape[0]
    assert difference(resized, cv2.resize(image, size)) <= A_LEVEL
