import torch
from dice import dice

from copycar.learning.augment.draw import some_of


def test_each_sample_is_reached_as_often_as_the_share_says_wherever_it_lies():
    generator, often = dice(), torch.zeros(40)
    for _ in range(2000):
        some, n = some_of(40, 0.3, generator)
        assert len(often[some]) == n
        often[some] += 1 / 2000
    assert abs(often.mean() - 0.3) < 0.01
    assert often[5:-5].max() < 0.42
    assert often.min() > 0


def test_none_and_all_can_be_asked_for():
    assert some_of(10, 0.0, dice())[1] == 0
    assert some_of(10, 1.0, dice()) == (slice(0, 10), 10)
