"""Jobs on a real Ray head on this machine, which asks for a token, with an S3 server between."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import pytest
import torch
from away import environment, free_port, s3_environment

from copycar.cli.main import run
from copycar.driving.runtime.policy import Policy
from copycar.remote import watch
from copycar.remote.notes import find_job
from copycar.remote.parcel import INDEX, read_index
from copycar.remote.place import Place
from copycar.testing.tub import make_tub

pytest.importorskip("ray", reason="Ray is not installed: pip install 'copycar[ray]'")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PORTS = (
    *("port", "dashboard-agent-listen-port", "dashboard-agent-grpc-port"),
    *("ray-client-server-port", "metrics-export-port"),
)
QUICKER = {
    "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",  # else the head waits 30 s for jobs that are over
    "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0",  # a process more for every start of the workers
    "RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.2",
}
PATIENCE_S = 900
TINY = ("--epochs", "2", "--batch-size", "8", "--augmentation", "off", "--threads", "1", "--type", "linear")


def until(is_so, what):
    give_up = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up, what
        time.sleep(0.2)


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """The file that `make ray` keeps the cluster's token in."""
    return tmp_path_factory.mktemp("token") / "token"


@pytest.fixture(scope="module")
def head(s3_server, token, tmp_path_factory):
    """The address of the dashboard of a cluster that `make ray` has started, on ports of its own."""
    port, log_file = free_port(), tmp_path_factory.mktemp("head") / "log.txt"
    own = tempfile.mkdtemp(prefix="ray-")  # of its own, or clusters of one machine mix up; short, for its sockets
    options = [f"--dashboard-port {port}", f"--temp-dir {own}", "--num-cpus 2", "--object-store-memory 100000000"]
    options += [f"--{port_of} {free_port()}" for port_of in PORTS]  # another cluster may have the usual ones
    made = [f"VENV={sys.prefix}", "--assume-old", f"{sys.prefix}/ray.installed", f"RAY_TOKEN={token}"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            ["make", "--directory", ROOT, "ray", *made, f"RAY_OPTIONS={' '.join(options)}"],
            env=environment(**QUICKER, **s3_environment(s3_server)),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"

    def is_up():
        assert process.poll() is None, log_file.read_text()
        try:
            headers = {"Authorization": f"Bearer {token.read_text().strip()}"}
            return httpx.get(f"{address}/api/jobs/", headers=headers, timeout=5).status_code == 200
        except (OSError, httpx.HTTPError):
            return False

    until(is_up, "the head does not start")
    yield address
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(own, ignore_errors=True)


@pytest.fixture
def ray(head, token, s3, monkeypatch):
    """What a job needs: the options of `submit`."""
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(token))
    monkeypatch.setattr(watch, "POLL_S", 0.3)
    return ("--on", "ray", "--out", s3, "--target.address", head)


@pytest.fixture
def own_tub(in_empty_folder):
    return make_tub(in_empty_folder / "monday", n_frames=24, image_size=(70, 80))


def test_pack_push_train_watch_pull(own_tub, ray, s3, result_of, drives_a_lap, capsys):
    packed = result_of("remote", "pack", "monday", "-o", "packed")
    pushed = result_of("remote", "push", "packed", s3, "--name", "week")
    assert pushed["bytes_sent"] == packed["bytes_total"]
    data = ("--data", f"{s3}/datasets/week")
    own_tub.rename("gone")  # the job has nothing but the bucket
    job = result_of("remote", "submit", "train", "data", *TINY, *ray, *data)["job"]
    assert run(["remote", "logs", job, "--follow"]) == 0
    out = capsys.readouterr().out
    assert out.count("epoch   1 ") == out.count("epoch   2 ") == 1
    done = result_of("remote", "wait", job)
    assert (done["state"], done["exit_code"]) == ("done", 0)
    pulled = result_of("remote", "pull", f"{s3}/models/{job}", "-o", "models")
    assert len(pulled["paths"]) == 2
    assert Policy.load(f"models/{job}.onnx").image_size == (70, 80)
    drives_a_lap(f"models/{job}.onnx")


def test_a_wrong_token_and_a_cluster_that_is_not_there(own_tub, ray, refused, monkeypatch):
    monkeypatch.setenv("RAY_AUTH_TOKEN", "a-wrong-token-of-some-length-0123456789")
    message = refused("remote", "submit", "tub", "info", "monday", *ray)
    assert "RAY_AUTH_TOKEN" in message
    elsewhere = (*ray[:-1], f"http://127.0.0.1:{free_port()}")
    assert "cannot be reached" in refused("remote", "submit", "tub", "info", "monday", *elsewhere)


def test_a_failed_command_fails_the_job(own_tub, ray, result_of, refused):
    job = result_of("remote", "submit", "tub", "info", "nowhere", *ray)["job"]
    assert result_of("remote", "wait", job, exit_code=2)["state"] == "failed"
    assert "over already" in refused("remote", "stop", job)


def test_a_job_that_is_stopped_saves_its_best_policy(own_tub, ray, s3, result_of):
    job = result_of("remote", "submit", "train", "monday", "--epochs", "9999", *TINY[2:], *ray)["job"]
    spec = find_job(job)
    until(lambda: "epoch   1 " in watch.logs(spec) or watch.status(spec).is_over, "no epoch is trained")
    result_of("remote", "stop", job)
    assert result_of("remote", "wait", job, exit_code=130)["state"] == "stopped"
    assert job in result_of("remote", "list", s3)["models"], watch.logs(spec)


def test_workers_share_a_training_and_one_that_is_killed_costs_an_epoch(in_empty_folder, ray, s3, result_of):
    make_tub("monday", n_frames=200, image_size=(70, 80))
    n_epochs = 20
    longer = ("--epochs", n_epochs, *TINY[2:])
    words = ("train", "monday", *longer, *ray, "--workers", "2", "--target.cpus", "0.5")
    job = result_of("remote", "submit", *words)["job"]
    spec = find_job(job)
    until(lambda: _epochs(spec) >= 1 or watch.status(spec).is_over, "no epoch is saved")
    assert _epochs(spec) < n_epochs  # in the middle of it
    victim = _helper_process()
    os.kill(victim, signal.SIGKILL)
    done = result_of("remote", "wait", job)
    assert done["state"] == "done", watch.logs(spec)
    assert "going on with" in watch.logs(spec)
    result_of("remote", "pull", f"{s3}/runs/{job}", "-o", "run")
    assert len(Path("run/metrics.jsonl").read_text().splitlines()) == n_epochs
    here = ("train", "monday", *longer, "--workers", "2", "--out", "here")  # uninterrupted, on this machine
    assert run([str(word) for word in here]) == 0
    there, here = (torch.load(Path(name) / "best.pt", weights_only=True) for name in ("run", "here"))
    one, other = (torch.cat([value.flatten() for value in state.values()]) for state in (there, here))
    assert (one - other).norm() < 0.01 * other.norm()


def _epochs(spec):
    place = Place(f"{spec.bucket}/runs/{spec.name}")
    if not place.has(INDEX):
        return 0
    parts = {part.path: part for part in read_index(place).parts}
    return len(place.get(parts["metrics.jsonl"].object).splitlines()) if "metrics.jsonl" in parts else 0


def _helper_process():
    """The number of the process that is one of Ray Train's workers, in this test's cluster."""
    ours = f"AWS_ENDPOINT_URL={os.environ['AWS_ENDPOINT_URL']}".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"RayTrainWorker" in path.read_bytes() and ours in path.with_name("environ").read_bytes():
                return int(path.parent.name)
        except OSError:
            continue
    raise AssertionError("no worker found")
