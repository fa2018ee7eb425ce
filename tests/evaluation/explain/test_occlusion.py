"""What in a picture the steering hangs on."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.explain.occlusion import occlusion_map, painted
from copycar.testing.policy import write_policy


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    return Policy.load(write_policy(tmp_path_factory.mktemp("policy") / "tiny.onnx"))  # sees the upper half alone


@pytest.fixture
def picture():
    image = np.full((24, 32, 3), 90, np.uint8)
    image[2:8, 24:30] = 255
    return image


def test_the_part_that_the_policy_looks_at_counts_and_what_it_does_not_see_counts_nothing(policy, picture):
    found = occlusion_map(policy, {"image": picture}, (6, 8))
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert row <= 1
    assert column >= 5
    assert found[4:].max() == 0


def test_the_picture_itself_is_not_changed(policy, picture):
    before = picture.copy()
    assert painted(picture, occlusion_map(policy, {"image": picture}, (3, 4))).shape == picture.shape
    assert (picture == before).all()


def test_where_nothing_counts_nothing_is_painted(picture):
    assert (painted(picture, np.zeros((3, 4), np.float32)) == picture).all()


def test_a_picture_of_another_size_is_refused(policy):
    with pytest.raises(CopycarError, match="32x24"):
        occlusion_map(policy, {"image": np.zeros((10, 10, 3), np.uint8)})
