import math

import numpy as np
import pytest

from copycar.environments.tuxkart.messages import TrackShape
from copycar.environments.tuxkart.road import Road

EIGHT = np.linspace(0, math.tau, 100, endpoint=False)


def circle(radius_m: float = 50.0) -> Road:
    """A clockwise ring, as seen from above with x to the right of z, that climbs by 5 m to its far side."""
    angle = np.linspace(0, math.tau, 60, endpoint=False)
    middles = np.column_stack([radius_m * np.sin(angle), 2.5 - 2.5 * np.cos(angle), radius_m * np.cos(angle)])
    return Road.along(TrackShape(middles, np.where(angle < math.pi, 8.0, 12.0)))


def test_the_line_runs_in_the_middle_of_the_quadrilaterals():
    road = circle()
    assert road.line.length_m == pytest.approx(math.tau * 50, rel=0.01)
    assert np.hypot(*road.line.points.T) == pytest.approx(50, abs=0.3)


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_what_is_put_beside_the_road_is_found_there(turn, share):
    road = circle() if turn > 0 else circle().reversed()
    arc_m = share * road.line.length_m
    place, heading_rad = road.place_at(arc_m, 2.0)
    found = road.locate(place, arc_m)
    assert found.offset_m == pytest.approx(2.0, abs=0.02)
    assert math.remainder(found.arc_m - arc_m, road.line.length_m) == pytest.approx(0.0, abs=0.1)
    assert math.remainder(found.heading_rad - heading_rad, math.tau) == pytest.approx(0.0, abs=0.01)


def test_both_directions_agree_on_heights_and_widths():
    road, other = circle(), circle().reversed()
    for share in (0.1, 0.4, 0.7):
        (_, height, _), _ = road.place_at(share * road.line.length_m)
        (_, same, _), _ = other.place_at((1 - share) * other.line.length_m)
        assert same == pytest.approx(height, abs=0.1)
        assert height == pytest.approx(2.5 - 2.5 * math.cos(share * math.tau), abs=0.1)
        widths = road.width_at(share * road.line.length_m), other.width_at((1 - share) * other.line.length_m)
        assert widths[0] == widths[1]


def test_where_roads_cross_the_kart_stays_on_its_own_storey():
    middles = np.column_stack([60 * np.sin(EIGHT), 3 - 3 * np.cos(EIGHT), 30 * np.sin(2 * EIGHT)])
    road = Road.along(TrackShape(middles, np.full(100, 8.0)))
    below, above = 0.0, road.line.length_m / 2
    assert road.locate((0.0, 6.0, 0.0), above).arc_m == pytest.approx(above, abs=1.0)
    far_off = 0.25 * road.line.length_m  # it was carried here: only the height tells which of the two roads it is on
    assert road.locate((0.0, 6.0, 0.0), far_off).arc_m == pytest.approx(above, abs=1.0)
    assert math.remainder(road.locate((0.0, 0.0, 0.0), far_off).arc_m - below, road.line.length_m) == pytest.approx(
        0, abs=1
    )
