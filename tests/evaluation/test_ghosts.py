"""Drives side by side."""

from dataclasses import fields

import numpy as np
import pytest

from copycar.evaluation.ghosts import as_ghost, race
from copycar.evaluation.report.groups import grouped
from copycar.evaluation.report.track_map import ghost_map
from copycar.evaluation.trace import Array, Intervention, Road, Trace
from copycar.evaluation.trial import Trial


def straight(n=11, tick_s=0.5, interventions=(), speed=2.0):
    t = np.arange(n) * tick_s
    position = np.column_stack([speed * t, np.zeros(n)])
    rest = {field.name: np.zeros(n) for field in fields(Trace) if field.type is Array}
    rest |= {"t_s": t, "position_m": position}
    road = Road(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 5.0], [0.0, 5.0]]), 1.2)
    return Trace(Trial("oval"), road=road, interventions=interventions, **rest)


def test_a_ghost_goes_straight_between_two_ticks():
    ghost = as_ghost(straight(), step_s=0.25)
    assert ghost.places_m[:4] == [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.5, 0.0)]


def test_a_ghost_stays_until_it_is_put_elsewhere():
    jump = Intervention("off-track", tick=0, t_s=0.0, x_m=0.0, y_m=0.0, laps_driven=0.0)
    ghost = as_ghost(straight(interventions=(jump,)), step_s=0.25)
    assert ghost.places_m[1] == (0.0, 0.0)


def test_an_empty_drive_has_no_ghost():
    assert as_ghost(straight(n=0)).places_m == []


def test_the_map_has_a_line_and_a_disc_for_everybody():
    groups = [grouped([straight(speed=speed)])[0] for speed in (1.0, 2.0)]
    drawn = ghost_map(groups, ["p0", "p1"])
    assert drawn.count('class="trace ') == 2
    assert drawn.count('class="ghost ') == 2


@pytest.mark.slow
def test_everybody_drives_the_same_starts():
    told = []
    found = race(
        ["expert", "constant"], "track:oval", trials=2, laps=1, seed=0, tell=lambda name, *rest: told.append(name)
    )
    assert [one.name for one in found] == ["expert", "constant"]
    assert len({tuple(trace.trial for trace in one.traces) for one in found}) == 1
    assert set(told) == {"expert", "constant"}
    assert found[0].card.values["autonomy_pct"] == 100
