import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.learning.export.compare import TOLERANCES, Comparison, compare

SEEN = [{"image": np.full((2, 2, 3), value, np.uint8)} for value in (0, 100, 200)]


def brightness(seen):
    return float(seen["image"].mean()) / 255, 0.5


def test_differences_are_of_both_actions_on_all_frames():
    found = compare(brightness, lambda seen: (brightness(seen)[0], 0.5 + 0.1 * (seen["image"].mean() == 200)), SEEN)
    assert found.largest == pytest.approx(0.1)
    assert found.mean == pytest.approx(0.1 / 6)
    assert found.latency_ms["p50"] > 0


def test_an_unclipped_action_counts_as_what_the_motor_does():
    assert compare(lambda _: (1.0, -1.0), lambda _: (1.7, -3.0), SEEN).largest == 0.0


def test_not_a_number_does_not_pass():
    found = compare(brightness, lambda _: (float("nan"), 0.5), SEEN)
    with pytest.raises(CopycarError, match="differ by up to nan"):
        found.require("int8", "p.onnx")


@pytest.mark.parametrize("precision", TOLERANCES)
def test_a_small_mean_does_not_excuse_a_large_difference(precision):
    allowed = TOLERANCES[precision]
    Comparison(allowed.largest, allowed.mean, {}, {}).require(precision, "p")
    for largest, mean in ((1.1 * allowed.largest, 0.0), (allowed.largest, 1.1 * allowed.mean)):
        with pytest.raises(CopycarError, match="was not written"):
            Comparison(largest, mean, {}, {}).require(precision, "p")
