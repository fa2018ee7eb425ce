"""The logs are told by hand; their libraries are the real ones, writing to this machine."""

import sys
from dataclasses import replace

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


@pytest.fixture
def run(tmp_path):
    made = Run.create(tmp_path / "my run", "linear")
    made.update(**DESCRIPTION)
    made.policy.write_bytes(b"a policy")
    return made


OF_MLFLOW_AND_SQLALCHEMY = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy:DeprecationWarning")


@pytest.fixture
def mlflow(tmp_path, monkeypatch):
    """MLflow on a database of its own, as it is set up by its users."""
    module = pytest.importorskip("mlflow", reason="the extra [mlflow] is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    yield module.MlflowClient
    while module.active_run():
        module.end_run()


@pytest.fixture
def wandb(tmp_path, monkeypatch):
    """W&B, writing to the run's folder what `wandb sync` would send."""
    module = pytest.importorskip("wandb", reason="the extra [wandb] is not installed")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    for place in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"WANDB_{place}_DIR", str(tmp_path / place))
    yield module
    module.teardown()


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


@OF_MLFLOW_AND_SQLALCHEMY
@pytest.mark.parametrize(("stopped", "status"), [(None, "FINISHED"), ("interrupted", "KILLED"), ("failed", "FAILED")])
def test_mlflow_holds_the_settings_the_figures_and_how_it_ended(run, mlflow, stopped, status):
    tell_a_training(LOGS.get("mlflow")(), run, stopped)
    known = mlflow().get_run(run.describe()["mlflow_run"])
    assert (known.info.run_name, known.info.status) == ("my run", status)
    assert known.data.params == {"type": "linear", "seed": "3"}
    assert known.data.tags["data/frames"] == "100"
    figures = {"loss": 0.5, "learning_rate": 0.01, "images_per_s": 900.0}
    figures |= {"validation/score": 0.2, "validation/steering_mae": 0.1}
    assert known.data.metrics == figures | ({} if stopped else {"offline/steering/mae": 0.1})
    assert mlflow().get_metric_history(known.info.run_id, "loss")[0].step == 2
    assert [file.path for file in mlflow().list_artifacts(known.info.run_id)] == ([] if stopped else ["policy.onnx"])


@OF_MLFLOW_AND_SQLALCHEMY
def test_a_resumed_training_goes_on_in_its_mlflow_run(run, mlflow):
    tell_a_training(LOGS.get("mlflow")(), run, "interrupted")
    begun = run.describe()["mlflow_run"]
    log = LOGS.get("mlflow")()
    log.on_start(run, DESCRIPTION | {"settings": {"type": "linear", "seed": 3, "threads": 1}})
    log.on_epoch(replace(EPOCH, number=3))
    log.on_end({"offline": {}, "policy": str(run.policy)})
    assert run.describe()["mlflow_run"] == begun
    assert [one.step for one in mlflow().get_metric_history(begun, "loss")] == [2, 3]
    assert mlflow().get_run(begun).info.status == "FINISHED"


def test_wandb_holds_the_settings_the_figures_the_policy_and_how_it_ended(run, wandb):
    tell_a_training(LOGS.get("wandb")(), run)
    wandb.teardown()  # only then all is in the file
    (offline,) = (run.folder / "wandb").glob("offline-run-*")
    assert offline.name.endswith(run.describe()["wandb_run"])
    (told,) = offline.glob("run-*.wandb")
    for name in (b"my run", b"settings", b"loss", b"validation/steering_mae", b"offline/steering/mae"):
        assert name in told.read_bytes()
    assert (offline / "files" / "policy.onnx").read_bytes() == b"a policy"
    assert "got exitcode: 0" in (offline / "logs" / "debug.log").read_text()


def test_a_resumed_training_goes_on_in_its_wandb_run(run, wandb):
    tell_a_training(LOGS.get("wandb")(), run, stopped="interrupted")
    begun = run.describe()["wandb_run"]
    (stopped,) = (run.folder / "wandb").glob("offline-run-*")
    assert "got exitcode: 1" in (stopped / "logs" / "debug.log").read_text()
    tell_a_training(LOGS.get("wandb")(), run)
    wandb.teardown()
    assert run.describe()["wandb_run"] == begun
    told = b"".join(part.read_bytes() for part in (run.folder / "wandb").rglob(f"run-{begun}*.wandb"))
    assert b"offline/steering/mae" in told


def test_tensorboard_event_files_hold_every_figure(run):
    pytest.importorskip("tensorboardX", reason="the extra [tensorboard] is not installed")
    tell_a_training(LOGS.get("tensorboard")(), run)
    (events,) = (run.folder / "tensorboard").iterdir()
    written = events.read_bytes()
    for name in (b"loss", b"validation/steering_mae", b"images_per_s"):
        assert name in written
