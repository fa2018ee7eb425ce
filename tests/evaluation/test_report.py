import json
from html.parser import HTMLParser

import circle
import numpy as np
import pytest
from traces import help_at, make_trace, unknown

from copycar.core.errors import CopycarError
from copycar.evaluation.film import film
from copycar.evaluation.report import write_report
from copycar.evaluation.report.verdict import verdict
from copycar.evaluation.report.words import DASH, number, span
from copycar.evaluation.rollout import evaluate_rollout
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trial import Trial

OFFLINE = {
    "steering": {"mae": 0.05, "rmse": 0.08, "r2": 0.9, "baseline_mean_mae": 0.2, "baseline_last_mae": 0.02},
    "throttle": {"mae": 0.03, "rmse": 0.05, "r2": None, "baseline_mean_mae": 0.06, "baseline_last_mae": None},
    "n_frames": 100,
}
VOID = {"meta", "br"}


class Structure(HTMLParser):
    """Checks that every element is closed, and collects what the page loads."""

    def __init__(self):
        super().__init__()
        self.open, self.loads = [], []

    def handle_starttag(self, tag, attributes):
        self.loads += [value for name, value in attributes if name in {"src", "href", "poster"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(page):
    structure = Structure()
    text = page.read_text(encoding="utf-8")
    structure.feed(text)
    assert not structure.open
    return text, structure.loads


@pytest.fixture
def traces():
    return [make_trace(), make_trace(1.0, interventions=(help_at(2.0, tick=40), help_at(3.0, "stuck", tick=60)))]


def test_the_report_is_one_file_that_loads_nothing(tmp_path, traces):
    with film(tmp_path / "film.mp4") as add:
        for _ in range(5):
            add(np.zeros((360, 800, 3), dtype=np.uint8))
    about = {"film": tmp_path / "film.mp4", "offline": OFFLINE, "training": {"history": [{"loss": 2.0}, {"loss": 1.0}]}}
    text, loads = read(write_report(tmp_path, ScoreCard.from_trials(traces), traces, **about))
    assert len(loads) == 2  # film and poster
    assert all(load.startswith("data:") for load in loads)
    assert "://" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_everything_from_outside_is_escaped(tmp_path):
    evil = '<script>alert("1")</script>&'
    trace = make_trace(trial=Trial(evil, laps=3), interventions=(help_at(1.0, evil),), ended=evil)
    about = {
        "title": evil,
        "command": evil,
        "versions": {evil: evil},
        "film_caption": evil,
        "offline": OFFLINE | {"split": evil, "n_frames": evil},
        "training": {evil: evil},
        "date": evil,
    }
    text, _ = read(write_report(tmp_path, ScoreCard.from_trials([trace]), [trace], **about))
    assert "<script>alert" not in text
    assert text.count("<script>") == 1


def test_dollar_signs_in_a_command_do_not_break_the_page(tmp_path, traces):
    text, _ = read(write_report(tmp_path, ScoreCard.from_trials(traces), traces, command="drive $HOME ${x}"))
    assert "drive $HOME ${x}" in text


def test_the_json_beside_it_holds_the_card(tmp_path, traces):
    card = ScoreCard.from_trials(traces)
    write_report(tmp_path / "new" / "folder", card, traces, title="mine", offline=OFFLINE)
    stored = json.loads((tmp_path / "new" / "folder" / "card.json").read_text())
    assert stored["score_card"] == json.loads(json.dumps(card.as_json()))
    assert stored["title"] == "mine"
    assert stored["offline"]["steering"]["mae"] == 0.05


def test_the_map_shows_every_trial_and_every_intervention(tmp_path, traces):
    text, _ = read(write_report(tmp_path, ScoreCard.from_trials(traces), traces))
    assert text.count('class="line"') == 2
    assert text.count('class="help"') == 2
    assert "it left the road after 2 s" in text


def test_each_track_and_direction_has_its_own_map(tmp_path):
    traces = evaluate_rollout("expert", [circle.NAME], trials=2, laps=1, workers=1)
    text, _ = read(write_report(tmp_path, ScoreCard.from_trials(traces), traces))
    assert text.count('<svg class="map"') == 2
    assert "anticlockwise" in text


def test_an_environment_that_tells_nothing_still_gets_a_report(tmp_path):
    blind = {name: unknown() for name in ("cross_track_error_m", "speed_mps", "progress", "laps_driven")}
    trace = make_trace(**blind, position_m=np.full((600, 2), np.nan), road=None)
    read(write_report(tmp_path, ScoreCard.from_trials([trace]), [trace]))


def test_a_trial_that_ended_at_once_still_gets_a_report(tmp_path):
    trace = make_trace(n_ticks=1)
    read(write_report(tmp_path, ScoreCard.from_trials([trace]), [trace]))


def test_a_report_on_recordings_alone(tmp_path):
    text, _ = read(write_report(tmp_path, None, [], offline=OFFLINE))
    assert "4 times better than always answering the average" in text


def test_nothing_to_report_is_an_error(tmp_path):
    with pytest.raises(CopycarError, match="nothing to report"):
        write_report(tmp_path, None, [])


def test_a_folder_that_cannot_be_made_is_named(tmp_path, traces):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CopycarError, match="cannot write a report"):
        write_report(tmp_path / "file" / "report", ScoreCard.from_trials(traces), traces)


@pytest.mark.parametrize(
    ("traces", "is_unseen", "sentence"),
    [
        ([make_trace()] * 10, True, "It drove 30 of 30 laps on circle, a track that it had never seen, without help."),
        (
            [make_trace(interventions=(help_at(1.0), help_at(2.0), help_at(3.0, "stuck")))],
            None,
            "It drove 3 of 3 laps on circle, but needed help 3 times: it left the road twice and got stuck once.",
        ),
        ([make_trace(0.4)], None, "It did not finish a lap on circle."),
        ([make_trace(laps_driven=unknown())], None, "It drove once in circle, without help."),
    ],
)
def test_the_verdict_is_one_sentence_that_a_pupil_understands(traces, is_unseen, sentence):
    assert verdict(ScoreCard.from_trials(traces), traces, is_unseen=is_unseen) == sentence


def test_numbers_have_about_three_digits_and_intervals_one_unit():
    assert [number(value) for value in (123.456, 12.345, 1.2345, 0.0, None)] == ["123", "12.3", "1.23", "0", DASH]
    assert span([0.1, 0.123], "m") == "10 to 12.3 cm"
    assert span(None) == DASH
