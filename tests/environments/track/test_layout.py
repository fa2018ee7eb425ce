import numpy as np
import pytest

from copycar.environments.track.layout import obstacles, scenery
from copycar.environments.track.line import Line
from copycar.environments.track.shapes import centre_curve

WIDTH_M = 1.2


@pytest.mark.parametrize("name", ["oval", "hairpins", "random:7"])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_stands_on_the_road(name: str, seed: int) -> None:
    line = Line.through(centre_curve(name))
    props = scenery(line, WIDTH_M, seed)
    assert {prop.kind for prop in props} == {"tree", "fir", "building", "cone", "post"}
    for prop in props:
        assert abs(line.locate(prop.x_m, prop.y_m).offset_m) - prop.size_m[0] / 2 > WIDTH_M / 2 + 0.03, prop


def test_the_same_seed_builds_the_same_place() -> None:
    line = Line.through(centre_curve("oval"))
    assert scenery(line, WIDTH_M, 5) == scenery(line, WIDTH_M, 5)
    assert scenery(line, WIDTH_M, 5) != scenery(line, WIDTH_M, 6)


def test_obstacles_stand_on_the_edges_and_leave_the_middle_free() -> None:
    line = Line.through(centre_curve("oval"))
    for cone in obstacles(line, WIDTH_M, 40, np.random.default_rng(0)):
        place = line.locate(cone.x_m, cone.y_m)
        assert abs(place.offset_m) == pytest.approx(WIDTH_M / 2 - 0.08, abs=0.01)
        assert place.arc_m > 1.9
