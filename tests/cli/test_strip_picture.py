import numpy as np

from copycar.cli.strip_picture import BACK, strip_picture

RED, BLUE = (255, 0, 0), (0, 0, 255)


def rows_of(picture, colour):
    return [np.flatnonzero((picture[:, x] == colour).all(axis=1)).tolist() for x in range(picture.shape[1])]


def test_plus_one_is_at_the_top_and_minus_one_at_the_bottom():
    picture = strip_picture([([1.0, np.nan, -1.0], RED)], height=5)
    assert picture.shape == (5, 3, 3)
    assert rows_of(picture, RED) == [[0], [], [4]]
    assert (picture[0, 1] == BACK).all()


def test_a_steep_stretch_is_joined_and_a_gap_is_not():
    assert rows_of(strip_picture([([1.0, -1.0], RED)], height=5), RED) == [[0], [0, 1, 2, 3, 4]]
    assert rows_of(strip_picture([([1.0, np.nan, -1.0], RED)], height=5), RED)[2] == [4]


def test_later_lines_lie_on_top():
    picture = strip_picture([([0.0], RED), ([0.0], BLUE)], height=5)
    assert rows_of(picture, BLUE) == [[2]]
    assert rows_of(picture, RED) == [[]]
