import re

import numpy as np
import pytest

from copycar.cli.terminal_picture import UPPER_HALF, Screen, characters


def test_a_character_shows_two_pixels_one_above_the_other() -> None:
    image = np.array([[[255, 0, 0]], [[0, 0, 255]]], dtype=np.uint8)
    assert "38;2;255;0;0;48;2;0;0;255m" + UPPER_HALF in characters(image, columns=1, rows=1)


@pytest.mark.parametrize(("columns", "rows"), [(80, 10), (20, 40), (200, 200)])
def test_the_picture_fits_and_keeps_its_shape(columns: int, rows: int) -> None:
    lines = characters(np.zeros((120, 160, 3), dtype=np.uint8), columns, rows).split("\n")
    widths = {len(re.findall(UPPER_HALF, line)) for line in lines}
    assert len(widths) == 1
    width = widths.pop()
    assert width <= columns
    assert len(lines) <= rows
    assert width / (2 * len(lines)) == pytest.approx(160 / 120, rel=0.15)


def test_the_terminal_is_given_back_after_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), Screen() as screen:
        screen.draw(np.zeros((12, 16, 3), dtype=np.uint8), "text")
        raise RuntimeError
    assert capsys.readouterr().err.endswith("\x1b[?25h\x1b[?1049l")
