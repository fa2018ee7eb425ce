"""Jobs on this machine: sent, watched, stopped, killed, found again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import copycar
from copycar.cli.main import run
from copycar.core.errors import CopycarError
from copycar.core.state_folder import state_folder
from copycar.driving.runtime.policy import Policy
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.remote import outputs, watch, work
from copycar.remote.inputs import travelling
from copycar.remote.job import Input, JobSpec, Status
from copycar.remote.notes import find_job, note
from copycar.remote.place import Place
from copycar.remote.pull import pull_files
from copycar.remote.wheel import build_wheel
from copycar.testing.tub import make_tub

pytest.importorskip("obstore", reason="obstore is not installed: pip install 'copycar[remote]'")

TINY = ("--epochs", "2", "--batch-size", "8", "--augmentation", "off", "--threads", "1", "--type", "linear")
LONGER = ("--epochs", "3", *TINY[2:])
PATIENCE_S = 300


@pytest.fixture
def own_tub(in_empty_folder):
    return make_tub(in_empty_folder / "monday", n_frames=24, image_size=(70, 80))


@pytest.fixture(autouse=True)
def own_process(monkeypatch):
    """Jobs of these tests run this checkout's code."""
    source = str(Path(__file__).resolve().parents[2] / "src")
    monkeypatch.setenv("PYTHONPATH", source)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(watch, "POLL_S", 0.05)


@pytest.fixture
def job_of(in_empty_folder):
    """A job that was noted and not started."""

    def make(*command, on="local", name="test-1", inputs=()):
        spec = JobSpec(name, command, on, Place(in_empty_folder / "bucket").url, inputs, created="2026-01-01")
        note(spec)
        return spec

    return make


@pytest.mark.slow
def test_a_training_goes_there_and_its_policy_comes_back(own_tub, result_of, drives_a_lap, tmp_path, capsys):
    bucket = (tmp_path / "bucket").as_uri()
    submitted = result_of("remote", "submit", "train", "monday", *TINY, "--on", "local", "--out", bucket)
    job = submitted["job"]
    assert submitted["bytes_sent"] > 0
    assert result_of("remote", "wait", job)["state"] == "done"
    assert run(["remote", "logs", job]) == 0
    printed = capsys.readouterr().out
    assert "epoch   2" in printed
    listed = result_of("remote", "list", bucket)
    assert [each["state"] for each in listed["jobs"]] == ["done"]
    assert listed["runs"] == listed["models"] == [job]
    pulled = result_of("remote", "pull", f"{bucket}/models/{job}", "-o", "models")
    assert {Path(path).name for path in pulled["paths"]} == {f"{job}.onnx", f"{job}.html"}
    assert Policy.load(f"models/{job}.onnx").image_size == (70, 80)
    drives_a_lap(f"models/{job}.onnx")
    again = result_of("remote", "submit", "tub", "info", "monday", "--on", "local", "--out", bucket)
    assert again["bytes_sent"] == 0
    result_of("remote", "wait", again["job"])


def test_a_failed_command_is_a_failed_job_with_its_exit_code(job_of, monkeypatch, capfd):
    spec = job_of("tub", "info", "nowhere")
    assert work.main([spec.url]) == 2
    assert watch.status(spec) == Status("failed", 2, "its command ended with exit code 2")
    assert run(["remote", "wait", spec.name]) == 2
    assert "nowhere" in watch.logs(spec)


def test_a_command_that_is_killed_names_the_likely_cause(job_of, monkeypatch):
    spec = job_of("tub", "info", "x")
    monkeypatch.setattr(work, "_run", lambda *_: 128 + signal.SIGKILL)
    assert work.main([spec.url]) == 137
    assert "out of memory" in watch.status(spec).message
    assert run(["remote", "wait", spec.name]) == 137


def test_an_input_that_is_gone_is_a_failed_job(job_of, in_empty_folder):
    url = Place(in_empty_folder / "bucket").url
    spec = job_of("tub", "info", "data", inputs=(Input(f"{url}/datasets/nothing", "data"),))
    assert work.main([spec.url]) == 2
    assert "nothing whole" in watch.status(spec).message


@pytest.mark.slow
def test_a_job_that_is_stopped_saves_what_it_has_and_one_that_is_killed_is_failed(own_tub, result_of, capsys):
    endless = ("--epochs", "9999", *TINY[2:])
    jobs = [result_of("remote", "submit", "train", "monday", *endless, "--on", "local")["job"] for _ in range(2)]
    for job in jobs:
        _until(lambda job=job: "epoch   1 " in watch.logs(find_job(job)))
        assert result_of("remote", "status", job)["state"] == "running"
    stopped, killed = jobs
    result_of("remote", "stop", stopped)
    assert result_of("remote", "wait", stopped, exit_code=130)["state"] == "stopped"
    assert stopped in result_of("remote", "list", "remote")["models"]
    assert run(["remote", "stop", stopped]) == 2  # it is over
    capsys.readouterr()
    process = state_folder() / "jobs" / killed / "process.txt"
    number = int(process.read_text().split()[0])
    os.killpg(number, signal.SIGKILL)
    found = result_of("remote", "wait", killed, exit_code=1)
    assert (found["state"], found["exit_code"]) == ("failed", None)
    assert "out of memory" in found["message"]


@pytest.mark.slow
def test_a_second_attempt_of_a_job_goes_on_with_what_the_first_has_saved(own_tub, job_of, monkeypatch, capfd, tmp_path):
    """As on a machine that a cloud took away: nothing is left but the bucket."""
    spec = job_of("train", str(own_tub), *LONGER, "--out", "runs/x")
    folder = work.work_folder(spec)
    monkeypatch.chdir(folder)
    assert run(["train", str(own_tub), *LONGER, "--out", "runs/x"]) == 0
    whole = (folder / "runs/x/best.pt").read_bytes()
    shutil.rmtree(folder / "runs")

    def on_epoch(epoch):
        if epoch.number == 2:
            raise KeyboardInterrupt

    settings = TrainSettings(epochs=3, batch_size=8, augmentation="off", threads=1, type="linear")
    with pytest.raises(KeyboardInterrupt):
        Training([own_tub], settings, out=folder / "runs/x").train(on_epoch=on_epoch)
    outputs.send_progress(spec, folder)
    shutil.rmtree(folder)
    capfd.readouterr()
    exit_code, printed = work.main([spec.url]), capfd.readouterr().out
    assert exit_code == 0, printed
    assert "going on with" in printed
    assert watch.status(spec).state == "done"
    pull_files(f"{spec.bucket}/runs/x", tmp_path / "back")
    assert (tmp_path / "back/best.pt").read_bytes() == whole  # to the bit


def test_a_bucket_keeps_the_newest_checkpoints_of_a_running_job_and_no_older_ones(job_of, in_empty_folder):
    spec, run = job_of("train", "x", "--out", "runs/x"), in_empty_folder / "runs/x"
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    place = Place(f"{spec.bucket}/runs/x")
    for epoch in range(4):
        (run / "checkpoint.pt").write_text(f"after epoch {epoch}")
        outputs.send_progress(spec, in_empty_folder)
    held = [place.get(found.name) for found in place.find() if found.name.endswith(".pt")]
    assert sorted(held) == [b"after epoch 2", b"after epoch 3"]
    pull_files(place.url, in_empty_folder / "back")
    assert (in_empty_folder / "back/checkpoint.pt").read_text() == "after epoch 3"


def test_what_a_job_prints_is_followed_and_ctrl_c_leaves_it_going(job_of, capsys, monkeypatch):
    spec = job_of("tub", "info", "x")

    def follow(spec):
        yield "first line\n"
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "follow", follow)
    assert run(["remote", "logs", spec.name, "--follow"]) == 130
    out, err = capsys.readouterr()
    assert out == "first line\n"
    assert f"The job goes on. Stop it: copycar remote stop {spec.name}" in err


def test_lines_are_shown_once_while_a_job_runs(job_of, monkeypatch):
    spec = job_of("tub", "info", "x")
    texts, states = iter(["a\n", "a\n", "a\nb\n"]), iter(["running", "running", "done"])
    monkeypatch.setattr(watch, "logs", lambda _: next(texts))
    monkeypatch.setattr(watch, "status", lambda _: Status(next(states)))
    assert list(watch.follow(spec, sleep=lambda _: None)) == ["a\n", "b\n"]


def test_a_job_is_found_again_by_its_bucket_where_nobody_noted_it(job_of, in_empty_folder, result_of):
    spec = job_of("tub", "info", "x")
    shutil.rmtree(state_folder())
    with pytest.raises(CopycarError, match="no job test"):
        find_job("test")
    assert find_job("test", spec.bucket) == spec
    listed = result_of("remote", "list", "bucket")
    assert [job["job"] for job in listed["jobs"]] == ["test-1"]


def test_several_jobs_of_one_beginning(job_of):
    job_of("tub", "info", "x", name="train-1")
    latest = job_of("tub", "info", "x", name="train-12")
    with pytest.raises(CopycarError, match="several"):
        find_job("train")
    assert find_job("train-1").name == "train-1"
    assert find_job(None) == latest


def _until(is_so):
    give_up = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def test_a_dry_run_sends_nothing_and_says_what_it_would_take(own_tub, result_of, in_empty_folder):
    planned = result_of(
        "remote", "submit", "train", "monday", *TINY, "--on", "local", "--dry-run", "--price", "3.6", "--workers", "2"
    )
    assert {path.name for path in in_empty_folder.iterdir()} == {"monday"}
    job, cost = planned["job"], planned["estimate"]
    assert job["command"][:2] == ["train", "inputs/monday"]
    assert job["command"][-2:] == ["--workers", "2"]
    assert job["inputs"][0]["url"].endswith("/remote/datasets/monday")
    assert planned["request"]["command"][-1].endswith(job["name"])
    assert (cost["epochs"], cost["frames"]) == (2, 19)
    assert cost["training_s"] == pytest.approx(2 * 19 / cost["images_per_s"])
    assert cost["price"] == pytest.approx(cost["training_s"] / 1000)
    assert cost["bytes_total"] > 10_000
    assert json.dumps(planned).find("secret") == -1


def test_the_rate_of_an_earlier_run_is_taken(own_tub, result_of, in_empty_folder):
    run_folder = in_empty_folder / "runs" / "first"
    run_folder.mkdir(parents=True)
    (run_folder / "run.json").write_text(json.dumps({"network": "linear", "result": {"images_per_s": 500.0}}))
    cost = result_of("remote", "submit", "train", "monday", *TINY, "--on", "local", "--dry-run")["estimate"]
    assert (cost["images_per_s"], cost["rate_from"]) == (500.0, "your run runs/first")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("train", "monday", "--epoch", "3", "--on", "local"), "Did you mean --epochs"),
        (("trian", "monday", "--on", "local"), "train"),
        (("train", "monday", "--on", "ray"), "needs a bucket"),
        (("train", "monday", "--", "--on", "lcal"), "--on"),
        (("--on", "local"), "no command to run"),
        (("--on", "mars", "--", "train", "monday"), "unknown target"),
        (("remote", "list", "--on", "local"), "cannot run elsewhere"),
        (("train", "monday", "--on", "local", "--target.colour", "red"), "colour"),
        (("tub", "info", "monday", "--workers", "2", "--on", "local"), "only train"),
        (("train", "monday", "--on", "local", "--out", "s3://"), "names no bucket"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_sent(own_tub, refused, in_empty_folder, words, told):
    assert told in refused("remote", "submit", *words)
    assert {path.name for path in in_empty_folder.iterdir()} == {"monday"}


def test_words_that_name_things_here_travel_and_others_stay(own_tub, in_empty_folder):
    make_tub("tuesday", n_frames=2, image_size=(48, 64))
    Path("my_net.py").write_text("x = 1")
    Path("8").touch()
    Path("report").mkdir()
    found = travelling(
        ["train", "*day", "--type", "my_net.py:Net", "--epochs", "8", "--out", "report", "--where", "x>0"]
    )
    assert found.command == (
        *("train", "inputs/monday", "inputs/tuesday", "--type", "inputs/my_net.py:Net"),
        *("--epochs", "8", "--out", "report", "--where", "x>0"),
    )
    assert list(found.tubs) == ["monday", "tuesday"]
    assert list(found.files) == ["my_net.py"]


def test_runs_that_nobody_named_get_a_name_of_the_jobs_own(job_of, tmp_path):
    spec = job_of("sweep", "inputs/monday", name="sweep-1")
    assert outputs.run_name(spec, tmp_path, tmp_path / "sweep/trial-3") == "sweep-1-trial-3"
    named = job_of("train", "inputs/monday", "--out", "runs/first", name="train-1")
    assert outputs.run_name(named, tmp_path, tmp_path / "runs/first") == "first"


@pytest.mark.slow
def test_the_wheel_that_travels_installs_what_runs_here(tmp_path):
    name, content = build_wheel()
    assert build_wheel() == (name, content)
    (tmp_path / name).write_bytes(content)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", tmp_path / "there"]
    subprocess.run([*pip, tmp_path / name], check=True)
    here = Path(copycar.__file__).parent
    there = tmp_path / "there/copycar"
    assert {path.name for path in here.glob("*.py")} == {path.name for path in there.glob("*.py")}
    assert (there / "evaluation/report/page.css").read_bytes() == (here / "evaluation/report/page.css").read_bytes()
