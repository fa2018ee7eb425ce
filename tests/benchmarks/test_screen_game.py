import math

import numpy as np
import pytest

pytest.importorskip("mss", reason="the extra [games] is not installed")

from screen_game import HEIGHT, WIDTH, find_mark, first_lap, laps_driven, line_of


def marks(laps: float, per_lap: int = 80) -> list[tuple[float, float]]:
    """A kart's mark on a round map, backwards for negative laps."""
    turns = np.linspace(0, laps, round(abs(laps) * per_lap) + 1) * math.tau
    return [(50 + 40 * math.cos(turn), 50 + 40 * math.sin(turn)) for turn in turns]


def test_the_mark_is_the_middle_of_the_red_ring():
    window = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    assert find_mark(window) is None
    window[180:190, 30:40] = (255, 0, 0)
    window[182:188, 32:38] = 255
    assert find_mark(window) == (34.5, 44.5)


@pytest.mark.parametrize("laps", [0.3, 1.0, 2.4, -0.6])
def test_laps_are_counted_along_the_line_and_backwards_against_it(laps, tmp_path):
    line = line_of(tmp_path / "line.json", marks(1.2))
    assert laps_driven(line, marks(laps)) == pytest.approx(laps, abs=0.03)
    assert laps_driven(line_of(tmp_path / "line.json", []), marks(laps)) == laps_driven(line, marks(laps))


def test_who_stands_still_drives_no_lap(tmp_path):
    assert laps_driven(line_of(None, marks(1.2)), [(90.0, 50.0)] * 30) == pytest.approx(0.0, abs=0.01)


def test_a_first_driver_without_a_lap_ends_the_measurement():
    with pytest.raises(SystemExit, match="finished no lap"):
        first_lap(marks(0.8))
