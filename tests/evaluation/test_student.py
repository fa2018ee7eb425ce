import pytest

from copycar.evaluation.student import TABLE, mean_interval, t_value


def test_one_figure_tells_no_interval_and_equal_ones_a_point():
    assert mean_interval([0.3]) is None
    assert mean_interval([0.3, 0.3, 0.3]) == pytest.approx((0.3, 0.3))


@pytest.mark.parametrize(("freedom", "t"), [(4, 2.776), (11, 2.201), (20, 2.086), (120, 1.980)])
def test_the_quantiles_are_those_of_the_books(freedom, t):
    assert t_value(freedom) == pytest.approx(t, abs=3e-3)


def test_it_falls_with_every_figure_more():
    values = [t_value(freedom) for freedom in range(1, 20)]
    assert values == sorted(values, reverse=True)
    assert len(TABLE) == 10
