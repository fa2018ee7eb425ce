import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.environments.track.curves import perimeter
from copycar.environments.track.line import Line
from copycar.environments.track.shapes import MIN_RADIUS_M, centre_curve, track_names, versioned

EVERY_TRACK = [*track_names(), *(f"random:{seed}" for seed in range(50))]
ROAD_WITH_MARGIN_M = 1.2 + 0.4


@pytest.mark.parametrize("name", EVERY_TRACK)
def test_no_road_touches_itself_or_bends_tighter_than_the_car(name: str) -> None:
    line = Line.through(centre_curve(name))
    assert 20 <= line.length_m <= 55
    assert np.abs(line.curvature).max() < 1 / MIN_RADIUS_M
    for side in (-0.5, 0.5):
        for x, y in line.beside(side * ROAD_WITH_MARGIN_M)[::4]:
            # A point beside the road is nearest to its own stretch of road: no other stretch comes near.
            assert abs(line.locate(x, y).offset_m) == pytest.approx(0.5 * ROAD_WITH_MARGIN_M, abs=5e-3)


@pytest.mark.parametrize("name", EVERY_TRACK[:12])
def test_points_lie_at_equal_arc_length_and_wind_once_counter_clockwise(name: str) -> None:
    line = Line.through(centre_curve(name))
    steps = np.hypot(*(np.roll(line.points, -1, axis=0) - line.points).T)
    assert steps.std() / steps.mean() < 1e-3
    assert line.heading[-1] - line.heading[0] == pytest.approx(2 * np.pi, abs=0.1)


@pytest.mark.parametrize("name", track_names())
def test_start_line_lies_on_a_straight(name: str) -> None:
    line = Line.through(centre_curve(name))
    assert np.abs(line.curvature[:10]).max() < 0.15


def test_a_seed_is_one_track_and_another_seed_another() -> None:
    assert np.array_equal(centre_curve("random:7"), centre_curve("random-v1:7"))
    assert abs(perimeter(centre_curve("random:7")) - perimeter(centre_curve("random:8"))) > 0.01


def test_bare_names_mean_the_newest_version() -> None:
    assert versioned("oval") == versioned("oval-v1") == "oval-v1"
    assert versioned("random:7") == "random-v1:7"


def test_the_shape_of_a_versioned_name_never_changes() -> None:
    lengths = {name: round(perimeter(centre_curve(name)), 2) for name in ("oval-v1", "long-v1", "random-v1:7")}
    assert lengths == {"oval-v1": 23.25, "long-v1": 51.65, "random-v1:7": 33.85}


def test_unknown_track_names_the_nearest() -> None:
    with pytest.raises(CopycarError, match="did you mean hairpins"):
        versioned("hairpin")
