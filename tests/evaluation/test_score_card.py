import json

import pytest
from traces import help_at, make_trace, unknown

from copycar.evaluation.score_card import ScoreCard

BINDING = {
    "n_trials",
    "route_completion_pct",
    "autonomy_pct",
    "interventions_per_lap",
    "driving_score",
    "laps",
    "cross_track_error_m",
    "lap_time_s",
    "latency_ms",
    "intervals",
    "seeds",
}


def test_the_card_has_every_key_that_scripts_rely_on():
    card = ScoreCard.from_trials([make_trace(), make_trace(1.0, interventions=(help_at(2.0),))]).as_json()
    assert card.keys() >= BINDING
    assert card["cross_track_error_m"].keys() == {"mean", "p95", "max"}
    assert card["lap_time_s"].keys() == {"best", "median"}
    assert card["latency_ms"].keys() == {"p50", "p95"}
    assert card["seeds"] == [0, 0]
    assert len(card["trials"]) == card["n_trials"] == 2


def test_clean_trials_get_a_wilson_interval():
    card = ScoreCard.from_trials([make_trace()] * 10).as_json()
    assert card["clean_trials"] == 10
    assert card["intervals"]["clean_trials_pct"] == pytest.approx([72.25, 100.0], abs=0.01)


def test_trials_that_are_all_alike_get_no_bootstrap_interval():
    assert ScoreCard.from_trials([make_trace()] * 10).as_json()["intervals"]["driving_score"] is None


def test_unmeasurable_values_are_null_and_the_card_is_valid_json():
    blind = make_trace(
        laps_driven=unknown(),
        cross_track_error_m=unknown(),
        interventions=(help_at(1.0),),
    )
    text = json.dumps(ScoreCard.from_trials([blind, blind]).as_json(), allow_nan=False)
    card = json.loads(text)
    assert card["laps"] is None
    assert card["route_completion_pct"] is None
    assert card["clean_trials"] is None
    assert card["cross_track_error_m"] == {"mean": None, "p95": None, "max": None}


def test_the_card_of_no_trials_is_empty_and_not_zero():
    card = ScoreCard.from_trials([]).as_json()
    assert card["n_trials"] == 0
    assert card["laps"] is None
    assert card["driving_score"] is None


def test_a_trial_says_where_it_needed_help():
    card = ScoreCard.from_trials([make_trace(interventions=(help_at(2.0, "stuck"),))]).as_json()
    assert card["trials"][0]["interventions"][0]["cause"] == "stuck"
    assert card["trials"][0]["interventions"][0]["t_s"] == 2.0
