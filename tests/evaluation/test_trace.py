from dataclasses import fields

import numpy as np
import pytest
from traces import help_at, make_trace

from copycar.core.errors import CopycarError
from copycar.evaluation.trace import load_trace, save_trace


@pytest.mark.parametrize("other", [{}, {"road": None}, {"interventions": (help_at(1.0), help_at(2.0, "stuck"))}])
def test_a_saved_trace_comes_back_whole(tmp_path, other):
    trace = make_trace(**other)
    save_trace(trace, tmp_path / "trace.npz")
    back = load_trace(tmp_path / "trace.npz")
    for field in fields(trace):
        before, after = getattr(trace, field.name), getattr(back, field.name)
        if isinstance(before, np.ndarray):
            np.testing.assert_array_equal(after, before)
        elif field.name != "road":
            assert after == before
    assert (back.road is None) == (trace.road is None)
    if trace.road:
        assert back.road.length_m == trace.road.length_m


def test_no_trace_and_a_broken_trace_are_named(tmp_path):
    with pytest.raises(CopycarError, match="no trace"):
        load_trace(tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"not an archive")
    with pytest.raises(CopycarError, match="is not a trace"):
        load_trace(tmp_path / "bad.npz")


def test_reversing_does_not_win_laps():
    driven = np.concatenate([np.linspace(0, 1.2, 300), np.linspace(1.2, 0.4, 300)])
    trace = make_trace(laps_driven=driven)
    assert trace.n_laps == 1
    assert len(trace.lap_times_s()) == 1
    assert make_trace(laps_driven=-driven).furthest_laps == 0.0


def test_clean_means_every_lap_and_no_help():
    assert make_trace(3.0).is_clean
    assert not make_trace(2.9).is_clean
    assert not make_trace(3.0, interventions=(help_at(1.0),)).is_clean
