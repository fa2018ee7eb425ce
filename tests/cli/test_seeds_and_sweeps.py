import json
import shutil
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.cli.train_seeds import spread


@pytest.mark.slow
def test_several_seeds_give_a_table_with_an_interval_and_pick_none(tub, in_empty_folder, capsys):
    command = ["train", str(tub), "--epochs", "1", "--seeds", "2", "--seed", "3", "--out", "both"]
    assert run(command) == 0
    out, err = capsys.readouterr()
    assert sorted(path.name for path in Path("both").iterdir()) == ["seed-3", "seed-4"]
    assert json.loads(Path("both/seed-4/run.json").read_text())["settings"]["seed"] == 4
    assert "95 % interval" in out
    assert "No seed was picked" in out
    assert "copycar evaluate both/seed-4/policy.onnx --on oval" in out
    assert "seed 4 (2 of 2)" in err

    shutil.rmtree("both/seed-4")
    before = Path("both/seed-3/policy.onnx").stat().st_mtime_ns
    assert run([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert Path("both/seed-3/policy.onnx").stat().st_mtime_ns == before  # it was finished
    assert [Path(result["run"]).name for result in found["runs"]] == ["seed-3", "seed-4"]
    figure = found["offline"]["steering"]["mae"]
    assert figure["mean"] == pytest.approx(sum(figure["values"]) / 2)
    assert figure["interval"][0] < figure["mean"] < figure["interval"][1]


def test_a_figure_that_one_seed_lacks_has_no_mean():
    known = {"mae": 0.1, "baseline_mean_mae": 0.2, "baseline_last_mae": 0.3}
    offline = [{"steering": known, "throttle": known}, {"steering": known, "throttle": known | {"mae": None}}]
    found = spread(offline)
    assert found["throttle"]["mae"] == {"values": [0.1, None], "mean": None, "interval": None}
    assert found["steering"]["mae"]["mean"] == pytest.approx(0.1)


def test_seeds_do_not_go_into_the_folder_of_one_run(refused, tub, finished_run):
    assert "is the run of one training" in refused("train", tub, "--seeds", "2", "--out", finished_run)


@pytest.mark.slow
def test_a_sweep_names_its_best_run_and_is_gone_on_with(tub, in_empty_folder, result_of, refused, capsys):
    pytest.importorskip("optuna", reason="the extra [sweep] is not installed")
    Path("space.toml").write_text('[schedule]\nchoices = ["cosine", "constant"]\n')
    command = ["sweep", str(tub), "--epochs", "1", "--space", "space.toml"]
    assert run([*command, "--trials", "1"]) == 0
    out, err = capsys.readouterr()
    assert "best: sweep/trial-000/policy.onnx" in out
    assert "trial   0" in err
    found = result_of(*command, "--trials", "2")
    assert [trial["number"] for trial in found["trials"]] == [0, 1]
    described = json.loads(Path(found["best"]["run"], "run.json").read_text())
    assert described["settings"]["schedule"] == found["best"]["settings"]["schedule"]
    assert "holds another sweep" in refused("sweep", tub, "--on", "oval")


def test_a_sweep_without_a_tub_says_what_to_name(refused):
    assert "copycar sweep data" in refused("sweep")
