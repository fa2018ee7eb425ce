"""`runs`, `networks`, `environments` and `tub info`: what is there."""

import json
import shutil
from pathlib import Path

import pytest

from copycar.cli.main import run


def test_networks_are_a_list_with_names_and_summaries(result_of):
    found = {network["name"]: network for network in result_of("networks")}
    assert found.keys() >= {"linear", "categorical", "pilotnet", "copycar"}
    assert found["linear"]["parameters"] == 817_028
    assert all(network["summary"].endswith(".") for network in found.values())


def test_environments_are_a_list_with_names_and_summaries(result_of):
    found = result_of("environments")
    assert {"track:oval", "track:hairpins"} <= {environment["name"] for environment in found}
    assert all(environment["summary"] for environment in found)


@pytest.mark.parametrize("verb", ["networks", "environments"])
def test_people_get_a_table_and_the_next_command(verb, capsys):
    assert run([verb]) == 0
    assert "copycar" in capsys.readouterr().out


def test_runs_lists_what_was_trained_with_the_figures_of_the_epoch_that_remains(result_of, finished_run):
    (row,) = result_of("runs", finished_run.parent)
    best = json.loads((finished_run / "run.json").read_text())["result"]["offline"]["steering"]["mae"]
    assert (row["run"], row["state"], row["network"], row["epochs"]) == (str(finished_run), "done", "copycar", 2)
    assert row["steering_mae"] == pytest.approx(best)
    assert result_of("runs", finished_run) == [row]


def test_runs_as_a_table(finished_run, capsys):
    assert run(["runs", str(finished_run.parent)]) == 0
    assert "done" in capsys.readouterr().out


@pytest.fixture
def two_runs(finished_run, in_empty_folder):
    for name in ("a", "b"):
        shutil.copytree(finished_run, f"runs/{name}")
    described = json.loads(Path("runs/b/run.json").read_text())
    described["settings"]["learning_rate"] = 0.5
    Path("runs/b/run.json").write_text(json.dumps(described))
    card = {"driving_score": 93.5, "latency_ms": {"p50": 1.5}}
    Path("runs/b/scores.jsonl").write_text(json.dumps({"on": ["oval"], "score_card": card}) + "\n")


def test_runs_are_sorted_and_show_their_size_time_and_driving_score(two_runs, result_of, capsys):
    rows = result_of("runs", "--sort", "driving_score")
    assert [(row["run"], row["driving_score"]) for row in rows] == [("runs/b", 93.5), ("runs/a", None)]
    assert rows[0]["latency_ms"] == 1.5
    assert rows[1]["latency_ms"] > 0
    assert rows[1]["size_bytes"] == Path("runs/a/policy.onnx").stat().st_size
    assert run(["runs"]) == 0
    assert "93.5" in capsys.readouterr().out


def test_a_remark_is_kept_with_its_run_and_can_be_taken_away(two_runs, result_of, refused, capsys):
    assert run(["runs", "runs/a", "--comment", "wet floor"]) == 0
    assert "runs/a: wet floor" in capsys.readouterr().out
    assert [row["comment"] for row in result_of("runs")] == ["wet floor", None]
    assert run(["runs", "runs/a", "--comment", ""]) == 0
    assert [row["comment"] for row in result_of("runs")] == [None, None]
    assert "--comment needs one run" in refused("runs", "--comment", "all of them")


def test_a_run_is_tagged_and_shows_its_tags(two_runs, result_of, refused, capsys):
    assert run(["runs", "runs/a", "--tag", "wet", "#night"]) == 0
    assert "runs/a: #night #wet" in capsys.readouterr().out
    assert [row["tags"] for row in result_of("runs")] == [["night", "wet"], []]
    assert run(["runs", "runs/a", "--tag", ""]) == 0
    assert [row["tags"] for row in result_of("runs")] == [[], []]


def test_two_runs_are_compared_by_what_differs(two_runs, result_of, capsys):
    found = result_of("runs", "runs/a", "runs/b")
    assert found["differing_settings"] == {"learning_rate": [None, 0.5]}
    assert [row["run"] for row in found["runs"]] == ["runs/a", "runs/b"]
    assert run(["runs", "runs/a", "runs/b"]) == 0
    out = capsys.readouterr().out
    assert "--learning-rate" in out
    assert "automatic" in out
    assert run(["runs", "runs/a", "runs/a"]) == 0
    assert "Their settings are the same." in capsys.readouterr().out


def test_no_runs_yet_is_no_fault(capsys, result_of):
    assert result_of("runs") == []
    assert run(["runs"]) == 0
    assert "copycar train TUB" in capsys.readouterr().out


def test_a_run_that_did_not_begin_is_listed(result_of, capsys):
    Path("runs/first").mkdir(parents=True)
    Path("runs/first/run.json").write_text("{}")
    (row,) = result_of("runs")
    assert (row["state"], row["epochs"], row["steering_mae"]) == (None, 0, None)
    assert run(["runs"]) == 0


def test_a_damaged_run_is_named(refused):
    Path("runs/first").mkdir(parents=True)
    Path("runs/first/run.json").write_text("{")
    assert "run.json cannot be read" in refused("runs")


def test_info_of_one_tub_is_an_object_and_of_several_a_list(result_of, tub):
    one = result_of("tub", "info", tub)
    assert one.keys() >= {"frames", "deleted", "episodes", "repaired"}
    assert (one["frames"], one["episodes"], one["deleted"]) == (160, 2, 0)
    assert result_of("tub", "info", tub, tub) in (one, [one])


def test_info_for_people(tub, capsys):
    assert run(["tub", "info", str(tub)]) == 0
    assert "160" in capsys.readouterr().out
