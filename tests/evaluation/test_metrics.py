"""Every metric against a value computed by hand; what cannot be computed is None."""

import numpy as np
import pytest
from traces import help_at, make_trace, unknown

from copycar.evaluation.metrics import METRICS


def measure(name, *traces):
    return METRICS.get(name).measure(traces)


def test_route_completion_is_the_mean_share_of_the_asked_laps():
    assert measure("route_completion_pct", make_trace(3.0), make_trace(1.5)) == pytest.approx(75.0)


def test_route_completion_never_exceeds_what_was_asked():
    assert measure("route_completion_pct", make_trace(3.2)) == 100.0


def test_autonomy_counts_six_seconds_for_each_intervention_as_pilotnet_does():
    helped = make_trace(duration_s=60.0, interventions=(help_at(5.0),))
    assert measure("autonomy_pct", helped) == pytest.approx(90.0)  # 100 * (1 - 6 / 60)
    assert measure("autonomy_pct", helped, make_trace(duration_s=60.0)) == pytest.approx(95.0)


def test_autonomy_of_a_car_that_is_always_helped_is_zero_and_not_negative():
    helped = make_trace(duration_s=6.0, interventions=(help_at(1.0), help_at(2.0)))
    assert measure("autonomy_pct", helped) == 0.0


def test_interventions_are_counted_per_lap_driven_over_all_trials():
    helped = make_trace(1.0, interventions=(help_at(1.0), help_at(2.0)))
    assert measure("interventions_per_lap", helped, make_trace(3.0)) == pytest.approx(0.5)


def test_driving_score_is_completion_times_the_penalty_of_every_mistake():
    helped = make_trace(1.5, interventions=(help_at(1.0), help_at(2.0, "scenery"), help_at(3.0, "car")))
    assert measure("driving_score", helped) == pytest.approx(50.0 * 0.70 * 0.65 * 0.60)
    assert measure("driving_score", make_trace(3.0), helped) == pytest.approx((100 + 50.0 * 0.70 * 0.65 * 0.60) / 2)


@pytest.mark.parametrize(("cause", "penalty"), [("wrong-way", 0.60), ("stuck", 0.70), ("of a plug-in", 0.50)])
def test_driving_score_knows_a_penalty_for_every_cause(cause, penalty):
    assert measure("driving_score", make_trace(interventions=(help_at(1.0, cause),))) == pytest.approx(100 * penalty)


def test_laps_are_whole_laps_of_all_trials():
    assert measure("laps", make_trace(2.9), make_trace(3.0)) == 5


def test_cross_track_error_is_the_distance_to_either_side():
    errors = np.concatenate([np.full(300, -0.1), np.full(300, 0.3)])
    found = measure("cross_track_error_m", make_trace(cross_track_error_m=errors))
    assert found == pytest.approx({"mean": 0.2, "p95": 0.3, "max": 0.3})


def test_lap_time_leaves_out_laps_in_which_help_was_needed():
    trace = make_trace(3.0, duration_s=30.0, interventions=(help_at(15.0),))  # in the second of three 10 s laps
    assert trace.lap_times_s() == pytest.approx([10.0, 10.0, 10.0])
    assert trace.lap_times_s(only_clean=True) == pytest.approx([10.0, 10.0])
    assert measure("lap_time_s", trace) == pytest.approx({"best": 10.0, "median": 10.0})


def test_lap_ends_lie_between_ticks():
    trace = make_trace(1.0, n_ticks=3, t_s=np.array([1.0, 2.0, 3.0]), laps_driven=np.array([0.5, 0.9, 1.3]), asked=1)
    assert trace.lap_ends_s == pytest.approx([2.25])


def test_smoothness_is_the_rms_of_the_steering_rate():
    zigzag = np.tile([0.1, -0.1], 300)
    trace = make_trace(steering=zigzag, duration_s=30.0)  # 0.2 every 50 ms
    assert measure("smoothness", trace) == pytest.approx(4.0)


def test_smoothness_does_not_count_the_jump_of_a_rescue():
    steering = np.concatenate([np.full(300, 1.0), np.full(300, -1.0)])
    assert measure("smoothness", make_trace(steering=steering)) > 0
    assert measure("smoothness", make_trace(steering=steering, interventions=(help_at(15.0, tick=299),))) == 0.0


def test_latency_is_the_median_and_the_slow_end():
    found = measure("latency_ms", make_trace(n_ticks=101, latency_ms=np.arange(101.0)))
    assert found == pytest.approx({"p50": 50.0, "p95": 95.0})


@pytest.mark.parametrize("name", METRICS.names())
def test_without_trials_nothing_is_measured(name):
    value = measure(name)
    assert value is None or set(value.values()) == {None}


@pytest.mark.parametrize("name", ["route_completion_pct", "driving_score", "laps", "interventions_per_lap"])
def test_where_laps_are_unknown_nothing_is_made_up(name):
    assert measure(name, make_trace(laps_driven=unknown())) is None


def test_unknown_cross_track_error_and_latency_are_none():
    trace = make_trace(cross_track_error_m=unknown(), latency_ms=unknown())
    assert set(measure("cross_track_error_m", trace).values()) == {None}
    assert set(measure("latency_ms", trace).values()) == {None}


def test_no_clean_lap_gives_no_lap_time():
    assert measure("lap_time_s", make_trace(0.5)) == {"best": None, "median": None}


def test_a_car_that_never_moved_has_no_interventions_per_lap():
    assert measure("interventions_per_lap", make_trace(0.0, interventions=(help_at(3.0, "stuck"),))) is None


@pytest.mark.parametrize("name", METRICS.names())
def test_every_metric_explains_itself(name):
    metric = METRICS.get(name)
    assert metric.title
    assert metric.meaning.endswith(".")
    assert metric.source
