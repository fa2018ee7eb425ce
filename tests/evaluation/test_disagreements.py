"""Which frames a person should look at first."""

import numpy as np

from copycar.evaluation.offline.disagreements import worst

STRAIGHT = np.zeros(200, np.float32)


def test_the_largest_disagreement_comes_first_and_its_neighbours_do_not_repeat_it():
    said = STRAIGHT.copy()
    said[50:54], said[150] = 0.5, 0.3
    assert worst(STRAIGHT, said, n=2) == [50, 150]


def test_of_equal_disagreements_the_rare_steering_comes_first():
    labels, said = STRAIGHT.copy(), STRAIGHT.copy()
    labels[150] = 0.8
    said[150], said[50] = 0.4, 0.4
    assert worst(labels, said, n=2) == [150, 50]


def test_no_frames_have_no_disagreements():
    assert worst(STRAIGHT[:0], STRAIGHT[:0]) == []
