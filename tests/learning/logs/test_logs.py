"""The logs are told by hand; MLflow and W&B are stand-ins that write down every call, tensorboardX is the real one."""

import sys
from types import SimpleNamespace

import pytest

from copycar.core.errors import CopycarError
from copycar.learning.logs import LOGS
from copycar.learning.progress import Epoch
from copycar.learning.run import Run

DESCRIPTION = {
    "network": "linear",
    "settings": {"type": "linear", "epochs": None, "seed": 3},
    "data": {"frames": 100, "notes": []},
    "versions": {"copycar": "1"},
}
EPOCH = Epoch(2, 0.5, 900.0, 1.0, {"score": 0.2, "steering_mae": 0.1}, True, 0.01)


class Recorded:
    """Any function of any name, written down."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        def call(*arguments, **named):
            self.calls.append((name, *arguments, *([named] if named else [])))
            return self

        return call


@pytest.fixture
def run(tmp_path):
    return Run.create(tmp_path / "my run", "linear")


def tell_a_training(log, run, stopped=None):
    log.on_start(run, DESCRIPTION)
    log.on_epoch(EPOCH)
    if stopped:
        log.on_stop(stopped)
    else:
        log.on_end({"offline": {"steering": {"mae": 0.1, "r2": None}}, "policy": str(run.policy)})


@pytest.mark.parametrize(
    ("name", "package"), [("mlflow", "mlflow"), ("wandb", "wandb"), ("tensorboard", "tensorboardX")]
)
def test_a_log_that_is_not_installed_says_how_to_install_it(name, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(CopycarError, match=f"{package} is not installed") as caught:
        LOGS.get(name)()
    assert caught.value.fix == f'pip install "copycar[{name}]"'


def test_an_unknown_log_names_the_nearest():
    with pytest.raises(CopycarError, match="unknown experiment log") as caught:
        LOGS.get("tensorbord")
    assert "did you mean tensorboard" in caught.value.fix


@pytest.mark.parametrize(("stopped", "status"), [(None, ()), ("interrupted", ("KILLED",)), ("failed", ("FAILED",))])
def test_mlflow_is_told_the_settings_the_figures_and_how_it_ended(run, monkeypatch, stopped, status):
    recorded = Recorded()
    monkeypatch.setitem(sys.modules, "mlflow", recorded)
    tell_a_training(LOGS.get("mlflow")(), run, stopped)
    calls = {call[0]: call[1:] for call in recorded.calls}
    assert calls["start_run"] == ({"run_name": "my run"},)
    assert calls["log_params"] == ({"type": "linear", "seed": 3},)
    figures = {"validation/score": 0.2, "validation/steering_mae": 0.1}
    metrics = {"loss": 0.5, "learning_rate": 0.01, "images_per_s": 900.0, **figures}
    assert ("log_metrics", metrics, {"step": 2}) in recorded.calls
    assert recorded.calls[-1] == ("end_run", *status)
    assert ("log_artifact" in calls) == (stopped is None)
    if not stopped:
        assert calls["log_metrics"] == ({"offline/steering/mae": 0.1},)


def test_wandb_is_told_the_settings_the_figures_and_how_it_ended(run, monkeypatch):
    recorded = Recorded()
    recorded.summary = SimpleNamespace(update=lambda values: recorded.calls.append(("summary", values)))
    monkeypatch.setitem(sys.modules, "wandb", recorded)
    tell_a_training(LOGS.get("wandb")(), run)
    names = [call[0] for call in recorded.calls]
    assert names == ["init", "log", "summary", "save", "finish"]
    assert recorded.calls[0][1] == {"name": "my run", "dir": str(run.folder), "config": DESCRIPTION}
    tell_a_training(LOGS.get("wandb")(), run, stopped="interrupted")
    assert recorded.calls[-1] == ("finish", {"exit_code": 1})


def test_tensorboard_event_files_hold_every_figure(run):
    pytest.importorskip("tensorboardX", reason="the extra [tensorboard] is not installed")
    tell_a_training(LOGS.get("tensorboard")(), run)
    (events,) = (run.folder / "tensorboard").iterdir()
    written = events.read_bytes()
    for name in (b"loss", b"validation/steering_mae", b"images_per_s"):
        assert name in written
