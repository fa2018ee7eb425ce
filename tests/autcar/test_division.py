import numpy as np
import pytest
from arrows import drive
from hypothesis import given
from hypothesis import strategies as st

from copycar.autcar.division import divide
from copycar.core.errors import CopycarError


def contents(n):
    return [str(number).encode() for number in range(n)]


@given(st.integers(10, 400), st.floats(0.2, 0.9), st.integers(0, 5))
def test_the_share_is_exact(n, share, seed):
    is_test = divide(drive(n), contents(n), train_share=share, seed=seed)
    assert (~is_test).sum() == round(n * share)


def test_the_seed_decides_and_nothing_else():
    first, again, other = (divide(drive(200), contents(200), train_share=0.8, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_test_pictures_come_in_stretches_so_that_few_have_a_neighbour_in_training():
    is_test = divide(drive(480), contents(480), train_share=0.8, seed=0)
    n_borders = (np.diff(is_test.astype(int)) != 0).sum()
    assert n_borders <= 2 * 10  # ten stretches; pictures thrown by dice have about 150


def test_every_class_is_learned_and_tested_where_that_is_possible():
    names = np.array(drive(480))
    for seed in range(5):
        is_test = divide(list(names), contents(480), train_share=0.7, seed=seed)
        assert set(names[is_test]) == set(names[~is_test]) == set(names)


def test_a_class_that_was_seen_once_is_learned():
    names = ["left_light_forward", *["stop", "move_medium_forward"] * 30]
    for seed in range(10):
        assert not divide(names, contents(61), train_share=0.6, seed=seed)[0]


def test_a_picture_that_repeats_itself_is_on_one_side():
    repeated = [b"standing" if 20 <= place < 60 else str(place).encode() for place in range(100)]
    is_test = divide(drive(100), repeated, train_share=0.7, seed=0)
    assert len({side for content, side in zip(repeated, is_test, strict=True) if content == b"standing"}) == 1


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, 0.999, 1.5])
def test_an_empty_side_is_refused(share):
    with pytest.raises(CopycarError, match="leaves one side of 20 pictures empty"):
        divide(drive(20), contents(20), train_share=share, seed=0)


def test_a_frozen_camera_is_refused():
    with pytest.raises(CopycarError, match="same as a training picture"):
        divide(drive(20), [b"same"] * 20, train_share=0.8, seed=0)
