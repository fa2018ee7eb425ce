"""`runs`, `networks`, `environments` and `tub info`: what is there."""

import json
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
