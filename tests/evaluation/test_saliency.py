"""Where a policy looks."""

import numpy as np
import pytest

from copycar.driving.runtime.policy import Policy
from copycar.evaluation.saliency import TILES, saliency, with_heat
from copycar.testing.policy import write_policy


@pytest.fixture
def policy(tmp_path):
    return Policy.load(write_policy(tmp_path / "p.onnx", (24, 32)))


def lit(rows, columns):
    image = np.zeros((24, 32, 3), np.uint8)
    image[rows, columns] = 255
    return image


def test_only_what_changes_the_steering_matters(policy):
    change = saliency(policy, lit(slice(2, 4), slice(26, 28)))  # this policy sees the upper half alone
    assert np.unravel_index(change.argmax(), TILES) == (1, 13)
    assert not change[TILES[0] // 2 :].any()


def test_where_nothing_matters_the_picture_stays(policy):
    image = lit(slice(20, 24), slice(0, 32))
    assert (with_heat(image, np.zeros(TILES, np.float32)) == image).all()


def test_heat_lies_where_it_matters_and_nowhere_else():
    change = np.zeros(TILES, np.float32)
    change[0, 0] = 0.3
    image = np.full((120, 160, 3), 100, np.uint8)
    hot = with_heat(image, change)
    assert hot[0, 0, 0] > 200
    assert (hot[60:, 80:] == 100).all()
