import torch
from dice import dice

from copycar.learning.augment.draw import some_of


def test_samples_are_reached_as_often_as_the_share_says_and_each_now_and_then():
    generator, often = dice(), torch.zeros(40)
    for _ in range(2000):
        some, n = some_of(40, 0.3, generator)
        assert len(often[some]) == n
        often[some] += 1 / 2000
    assert abs(often.mean() - 0.3) < 0.01
    assert often.max() < 0.5  # those in the middle more often: which they are is chance
    assert often.min() > 0


def test_none_and_all_can_be_asked_for():
    assert some_of(10, 0.0, dice())[1] == 0
    assert some_of(10, 1.0, dice()) == (slice(0, 10), 10)
