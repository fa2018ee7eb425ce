import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.core.frame import IS_CORRECTION, Action
from copycar.learning.columns import Category, Reads
from copycar.learning.sampling import (
    class_weights,
    combined,
    correction_weights,
    density_weights,
    find_corrections,
    frame_weights,
)
from copycar.tubs.record import MODE, Record


def drive(modes, session="26-11-21_0", marks=None):
    values = [{MODE: mode} if mode else {} for mode in modes]
    for value, mark in zip(values, marks or [], strict=False):
        value[IS_CORRECTION] = mark
    return [
        Record(i, session, i, None, Path("tub/images/x.jpg"), Action(0.0, 0.0), value) for i, value in enumerate(values)
    ]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60))
def test_at_full_strength_every_class_is_drawn_equally_often(classes):
    classes = np.array(classes)
    weights = class_weights(classes, 1.0)
    sums = [weights[classes == name].sum() for name in np.unique(classes)]
    assert sums == pytest.approx([sums[0]] * len(sums))
    assert (class_weights(classes, 0.0) == 1).all()


def test_rare_steering_is_favoured_in_bins():
    steering = np.array([0.0] * 8 + [0.01, 1.0], dtype=np.float32)  # 0.01 is in the bin of 0
    assert density_weights(steering, 1.0).tolist() == [1.0] * 9 + [9.0]


def test_several_weights_multiply_and_their_mean_is_one():
    product = combined(np.array([1.0, 1.0, 2.0]), correction_weights(np.array([True, False, False]), 4.0))
    assert product == pytest.approx(np.array([4.0, 1.0, 2.0]) * 3 / 7)


@pytest.mark.parametrize("factor", [0.0, -1.0])
def test_a_factor_that_would_never_draw_corrections_is_refused(factor):
    with pytest.raises(CopycarError, match="corrections cannot count"):
        correction_weights(np.array([True]), factor)


def test_a_human_in_a_drive_that_a_policy_began_corrects_it_and_no_other_human_does():
    records = drive(["user", "local", "user", "local_angle", "user"]) + drive(["user", "user"], "26-11-21_1")
    assert find_corrections(records).tolist() == [False, False, True, False, True, False, False]


def test_a_recording_that_marks_its_corrections_is_believed():
    records = drive(["local", "user", "user"], marks=[False, True, False])
    assert find_corrections(records).tolist() == [False, True, False]


def test_recordings_that_do_not_say_who_drove_hold_no_corrections():
    assert not find_corrections(drive([None, None])).any()
    assert find_corrections([]).tolist() == []


def test_steering_classes_and_corrections_multiply_over_the_training_frames(data):
    class_of = (np.arange(len(data.labels)) % 4 == 0).astype(np.int64)
    given = dataclasses.replace(
        data,
        reads=Reads(labels={"command": Category(("command",), ("straight", "turn"))}),
        columns={"command": class_of},
    )
    weights = frame_weights(given, balance=0.5, balance_classes=1.0, corrections=4.0)  # no frame is a correction
    train = data.train
    expected = density_weights(data.labels[train, 0], 0.5) * class_weights(class_of[train], 1.0)
    assert weights == pytest.approx(expected / expected.mean())
    assert (frame_weights(data, balance=0.0, balance_classes=1.0, corrections=4.0) == 1).all()
