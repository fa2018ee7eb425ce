import json
import shutil
from pathlib import Path

import pytest
from rich.progress import Progress

from copycar.cli.main import run
from copycar.cli.training_lines import TrainingLines
from copycar.learning.progress import Epoch


def test_json_is_one_object_with_the_binding_keys(result_of, tub, in_empty_folder):
    result = result_of("train", tub, "--epochs", "1", "--out", "my run")
    assert result.keys() >= {"run", "policy", "epochs", "images_per_s", "offline"}
    assert result["offline"]["steering"].keys() >= {"mae", "baseline_mean_mae", "baseline_last_mae"}
    assert result["run"] == "my run"
    assert Path(result["policy"]).is_file()
    assert result["epochs"] == 1


def test_people_read_the_error_beside_its_baselines_and_what_to_do_next(tub, finished_run, in_empty_folder, capsys):
    assert run(["train", str(tub), "--epochs", "1", "--transfer", str(finished_run), "--out", "my run"]) == 0
    out, err = capsys.readouterr()
    for column in ("policy", "guess the mean", "repeat the last"):
        assert column in out
    assert "copycar evaluate 'my run/policy.onnx' --on oval" in out  # one line, to be pasted
    assert "160 frames of 64x48" in err
    assert "epoch   1" in err
    assert "None" not in out + err


def test_a_second_training_in_the_same_folder_is_refused(refused, tub, finished_run):
    message = refused("train", tub, "--out", finished_run)
    assert "holds a run already" in message
    assert f"--resume --out {finished_run}" in message


def test_a_folder_that_is_no_tub_is_refused_in_words(refused, in_empty_folder, tub):
    Path("empty").mkdir()
    assert "empty is not a tub" in refused("train", "empty")
    shutil.copytree(tub, "tubs/monday")
    message = refused("train", "tubs")
    assert "tubs/monday" in message  # it holds one: that is what was meant
    assert not Path("runs").exists()


def test_a_pattern_trains_on_all_its_tubs(result_of, tub, in_empty_folder):
    for name in ("monday", "tuesday"):
        shutil.copytree(tub, f"data/{name}")
    result_of("train", "data/*", "--epochs", "1", "--out", "run")
    assert '"frames": 320' in Path("run/run.json").read_text()


def test_a_torn_tub_trains_and_says_what_was_repaired(tub, in_empty_folder, capsys):
    shutil.copytree(tub, "torn", copy_function=shutil.copyfile)
    catalog = sorted(Path("torn").glob("*.catalog"))[-1]
    catalog.write_bytes(catalog.read_bytes()[:-30])
    assert run(["train", "torn", "--epochs", "1", "--out", "run"]) == 0
    err = capsys.readouterr().err
    assert "note: torn" in err
    assert "159 frames" in err


def test_a_network_that_needs_larger_pictures_says_so(refused, tub):
    assert "64x48 are too small" in refused("train", tub, "--type", "linear")
    assert not Path("runs").exists()


def test_a_device_that_is_not_there_is_refused(refused, tub, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert "torch finds no cuda" in refused("train", tub, "--device", "cuda")


def test_a_diverging_training_says_what_to_lower(refused, tub):
    assert "--learning-rate" in refused("train", tub, "--learning-rate", "1e30", "--epochs", "2")


def test_a_finished_run_can_be_gone_on_with_and_says_the_same(result_of, tub, in_empty_folder):
    first = result_of("train", tub, "--epochs", "1", "--out", "run")
    again = result_of("train", "--resume", "--out", "run")
    assert again["offline"] == first["offline"]
    assert again["epochs"] == 1


def test_more_epochs_can_be_asked_for_when_going_on_and_nothing_else(result_of, refused, tub, in_empty_folder):
    result_of("train", tub, "--epochs", "1", "--out", "run")
    Path("copycar.toml").write_text("[train]\nepochs = 7\nseed = 3\n")  # of new trainings: a run has its own settings
    assert result_of("train", "--resume", "--out", "run", "--epochs", "2")["epochs"] == 2
    assert "learning_rate" in refused("train", "--resume", "--out", "run", "--learning-rate", "0.1")
    assert "has run 2 epochs already" in refused("train", "--resume", "--out", "run", "--epochs", "1")


def test_the_settings_of_a_run_can_be_given_to_another_under_the_flags(
    result_of, refused, tub, finished_run, in_empty_folder
):
    Path("copycar.toml").write_text("[train]\nseed = 3\n")
    settings = finished_run / "run.toml"
    assert "epochs = 2" in settings.read_text()
    Path("mine.toml").write_text(settings.read_text().replace('schedule = "one-cycle"', 'schedule = "cosine"'))
    result_of("train", tub, "--config", "mine.toml", "--epochs", "1", "--out", "run")
    told = json.loads(Path("run/run.json").read_text())["settings"]
    assert (told["schedule"], told["epochs"], told["seed"]) == ("cosine", 1, 0)
    assert "no settings file nowhere.toml" in refused("train", tub, "--config", "nowhere.toml")


def test_a_finished_run_has_its_page_with_frames_and_settings(finished_run):
    page = (finished_run / "report.html").read_text()
    assert page.count("data:image/jpeg") == 12
    assert (finished_run / "curves.png").read_bytes().startswith(b"\x89PNG")
    for said in ("always the average", "How it learned", "batch size"):
        assert said in page
    assert json.loads((finished_run / "run.json").read_text())["latency_ms"]["p50"] > 0


def test_it_says_which_layers_were_taken_over_and_which_are_held_fast(tub, finished_run, in_empty_folder, capsys):
    command = ["train", str(tub), "--epochs", "1", "--transfer", str(finished_run), "--freeze", "2", "--out", "run"]
    assert run(command) == 0
    err = capsys.readouterr().err
    assert "taken over: convolutions.0 (Conv2d 24x3x5x5)" in err
    assert "held fast: convolutions.0 (Conv2d 24x3x5x5), convolutions.2 (Conv2d 32x24x3x3)\n" in err


def test_freezing_without_a_transfer_is_refused(refused, tub):
    assert "--freeze needs --transfer" in refused("train", tub, "--freeze", "2")


def test_an_unknown_experiment_log_is_refused_before_anything_is_made(refused, tub):
    assert "did you mean mlflow" in refused("train", tub, "--log", "mlfow")
    assert not Path("runs").exists()


def test_an_experiment_log_whose_server_is_not_there_stops_it_before_it_learns(refused, tub, monkeypatch):
    pytest.importorskip("mlflow", reason="the extra [mlflow] is not installed")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    said = refused("train", tub, "--log", "mlflow", "--out", "run")
    assert "mlflow cannot be told of this training" in said
    assert "fix: mend that, or train without --log mlflow" in said
    assert "best policy so far" not in said  # there is none
    assert not Path("run/metrics.jsonl").exists()


def test_the_bar_runs_over_the_whole_training_and_shows_the_error_beside_the_mean_guess():
    bars = Progress()
    lines = TrainingLines(bars, n_epochs=4)
    lines.on_step(2, 10, 100)  # gone on with after one epoch
    figures = {"score": 0.1, "steering_mae": 0.181, "steering_baseline_mean_mae": 0.277}
    lines.on_epoch(Epoch(2, 0.5, 640.0, 1.0, figures, True, 1e-3))
    lines.on_step(3, 50, 100)
    (bar,) = bars.tasks
    assert (bar.completed, bar.total) == (250, 400)
    assert bar.description == "epoch 3/4  error 0.181, mean guess 0.277, 640 frames/s"
