import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.environments.track.line import Line
from copycar.environments.track.shapes import centre_curve

LINE = Line.through(centre_curve("hairpins"))
ARCS = st.floats(0, LINE.length_m, exclude_max=True)
OFFSETS = st.floats(-0.6, 0.6)


@given(arc=ARCS, offset=OFFSETS, is_whole_search=st.booleans())
def test_locate_undoes_at(arc: float, offset: float, is_whole_search: bool) -> None:
    x, y, heading = LINE.at(arc, offset)
    place = LINE.locate(x, y, None if is_whole_search else (arc + 0.3) % LINE.length_m)
    assert place.offset_m == pytest.approx(offset, abs=3e-3)
    assert math.remainder(place.arc_m - arc, LINE.length_m) == pytest.approx(0, abs=3e-3)
    assert math.remainder(place.heading_rad - heading, math.tau) == pytest.approx(0, abs=0.01)


@given(arc=ARCS, offset=OFFSETS)
def test_driving_the_other_way_mirrors_offset_arc_and_heading(arc: float, offset: float) -> None:
    back = LINE.reversed()
    x, y, heading = LINE.at(arc, offset)
    place = back.locate(x, y)
    assert place.offset_m == pytest.approx(-offset, abs=3e-3)
    assert math.remainder(place.arc_m + arc, LINE.length_m) == pytest.approx(0, abs=5e-3)
    assert abs(math.remainder(place.heading_rad - heading, math.tau)) == pytest.approx(math.pi, abs=0.01)
    assert back.bend_at(place.arc_m) == pytest.approx(-LINE.bend_at(arc), abs=0.15)


def test_right_of_a_line_that_runs_east_is_south() -> None:
    line = Line.through(centre_curve("oval"))  # counter-clockwise, so the lower straight runs east
    x, y, heading = line.at(0.0)
    place = line.locate(x, y - 0.2)
    assert heading == pytest.approx(0.0, abs=0.02)
    assert place.offset_m == pytest.approx(0.2, abs=1e-3)


def test_local_search_stays_on_its_own_stretch_of_road() -> None:
    arc = 3.0
    elsewhere = LINE.at(arc + LINE.length_m / 2)
    place = LINE.locate(elsewhere[0], elsewhere[1], arc)
    assert abs(math.remainder(place.arc_m - arc, LINE.length_m)) < 3.0
