import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from copycar import __version__
from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.learning.driving_task import DrivingTask
from copycar.learning.listener import Listener
from copycar.learning.pausing import ask_to_rest, let_go_on, rest_while_asked
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.tubs.tub import Tub

SOURCE = Path(__file__).resolve().parents[2] / "src"
SETTINGS = TrainSettings(epochs=3, learning_rate=2e-3, precision="fp32", device="cpu", batch_size=32, ema=0.95)
"""Fixed, so that these tests do not move with the defaults."""


STANDING_STILL = SETTINGS.model_copy(update={"epochs": 1, "learning_rate": 1e-12, "weight_decay": 0.0, "ema": 0.0})

KILLED = """
import json, os, signal, sys
import torch
from copycar.learning.driving_task import DrivingTask
from copycar.learning.listener import Listener
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training

def on_step(epoch, done, total):
    if epoch == 3 and done > total / 2:
        os.kill(os.getpid(), signal.SIGKILL)

torch.set_num_threads(1)
tub, settings, out = sys.argv[1:]
Training([tub], TrainSettings(**json.loads(settings)), out=out).train(on_step=on_step)
"""


class EnoughError(Exception):
    """Ends a training without the export that Ctrl-C brings."""


def enough(*_):
    raise EnoughError


def same(one, other):
    """Whether two torch states are equal to the bit."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def test_it_rests_between_two_steps_while_that_is_asked_for(tub, tmp_path, monkeypatch):
    happened = []

    def on_step(epoch, n_done, n_all):
        happened.append("step")
        if len(happened) == 2:
            ask_to_rest(tmp_path / "run")

    def sleep(seconds):
        happened.append("rest")
        if happened.count("rest") == 3:
            let_go_on(tmp_path / "run")

    monkeypatch.setattr(rest_while_asked, "__defaults__", (sleep,))
    Training([tub], SETTINGS.model_copy(update={"epochs": 1}), out=tmp_path / "run").train(on_step=on_step)
    assert happened[:6] == ["step", "step", "rest", "rest", "rest", "step"]
    assert happened.count("rest") == 3


@pytest.fixture(scope="module")
def trained(tub, tmp_path_factory):
    """One whole training; its folder is not to be written to."""
    return Training(
        [tub], SETTINGS, out=tmp_path_factory.mktemp("training") / "run", command="copycar train tub"
    ).train()


def best(run):
    return torch.load(run.best, weights_only=True)


def checkpoint(run):
    return torch.load(run.checkpoint, weights_only=True)


def test_it_leaves_the_promised_files(trained):
    names = {path.name for path in trained.run.folder.iterdir()}
    weights = {"checkpoint.pt", "best.pt", "policy.onnx"}
    assert names == weights | {"run.json", "run.toml", "metrics.jsonl", "held_out.json", "process.json"}


def test_the_result_has_its_binding_keys(trained):
    result = trained.as_json()
    assert result.keys() >= {"run", "policy", "epochs", "images_per_s", "offline"}
    assert result["offline"]["steering"].keys() >= {"mae", "baseline_mean_mae", "baseline_last_mae"}
    assert (result["epochs"], Path(result["policy"])) == (3, trained.run.policy)
    assert result["images_per_s"] > 0
    json.dumps(result, allow_nan=False)


def test_the_run_says_what_was_run(trained, tub):
    described = trained.run.describe()
    assert described["command"] == "copycar train tub"
    assert described["settings"] == SETTINGS.model_dump()
    assert described["tubs"] == [str(tub)]
    assert described["versions"]["copycar"] == __version__
    assert described["data"]["frames"] == 400
    assert described["machine"] == {"device": "cpu", "precision": "float32"}
    assert described["state"] == "done"
    assert described["result"] == trained.as_json()
    assert [line["number"] for line in trained.run.epochs()] == [1, 2, 3]


def test_the_policy_file_says_where_it_comes_from(trained):
    card = Policy.load(trained.run.policy).metadata
    assert (card.network, card.image_size, card.seed, card.run) == (SETTINGS.type, (48, 64), SETTINGS.seed, "run")
    assert card.data_fingerprint == trained.run.describe()["data"]["fingerprint"]
    assert card.metrics == trained.offline


def test_the_policy_file_says_what_the_offline_figures_claim(trained, data):
    policy = Policy.load(trained.run.policy)
    said = np.array([policy.act({"image": frame}) for frame in data.images[data.validation]])
    error = np.abs(said - data.labels[data.validation]).mean(axis=0)
    assert trained.parity_max < 1e-3
    assert error[0] == pytest.approx(trained.offline["steering"]["mae"], abs=1e-3)
    assert error[1] == pytest.approx(trained.offline["throttle"]["mae"], abs=1e-3)


def test_it_learns_to_steer_far_better_than_the_mean_guess(tub, tmp_path):
    settings = SETTINGS.model_copy(update={"epochs": 12})
    steering = Training([tub], settings, out=tmp_path / "run").train().offline["steering"]
    assert steering["mae"] < 0.4 * steering["baseline_mean_mae"]
    assert steering["r2"] > 0.5


def test_the_same_seed_gives_the_same_policy(trained, tub, tmp_path):
    again = Training([tub], SETTINGS, out=tmp_path / "again").train()
    for name, value in best(trained.run).items():
        assert torch.equal(value, best(again.run)[name])
    assert again.offline == trained.offline


def test_an_interrupted_training_is_marked_and_goes_on_to_the_same_weights(trained, tub, tmp_path):
    def on_step(epoch, done, total):
        if epoch == 2 and done > total / 2:
            raise KeyboardInterrupt

    torn = Training([str(tub)], SETTINGS, out=tmp_path / "torn", command="copycar train tub")
    with pytest.raises(KeyboardInterrupt):
        torn.train(on_step=on_step)
    described = torn.run.describe()
    assert described["state"] == "interrupted"
    assert [line["number"] for line in torn.run.epochs()] == [1]
    assert Policy.load(torn.run.policy).act({"image": np.zeros((48, 64, 3), np.uint8)})  # the policy so far drives

    resumed = Training.resume(tmp_path / "torn").train()
    for name, value in best(trained.run).items():
        assert torch.equal(value, best(resumed.run)[name])
    after = resumed.run.describe()
    assert after["state"] == "done"
    for key in ("command", "started", "settings", "tubs", "data"):
        assert after[key] == described[key]


@pytest.mark.slow
def test_a_killed_training_goes_on_to_the_same_weights_mean_and_moments(trained, tub, tmp_path):
    command = [sys.executable, "-c", KILLED, str(tub), SETTINGS.model_dump_json(), str(tmp_path / "run")]
    killed = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert len(Training.resume(tmp_path / "run").run.epochs()) == 2

    resumed = Training.resume(tmp_path / "run")

    def on_epoch(epoch):
        if epoch.number == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        resumed.train(on_epoch=on_epoch)
    for name in ("network", "average", "optimiser"):
        assert same(checkpoint(trained.run)[name], checkpoint(resumed.run)[name]), name
    assert same(best(trained.run), best(resumed.run))


def test_more_epochs_can_be_asked_for_when_going_on(trained, tmp_path):
    run = Path(shutil.copytree(trained.run.folder, tmp_path / "run"))
    longer = Training.resume(run, epochs=4)
    with pytest.raises(EnoughError):
        longer.train(on_epoch=enough)
    assert [line["number"] for line in longer.run.epochs()] == [1, 2, 3, 4]
    assert longer.run.describe()["settings"]["epochs"] == 4


def test_what_cannot_change_on_the_way_is_refused_with_the_reason(trained):
    folder = trained.run.folder
    with pytest.raises(CopycarError, match=r"cannot go on with seed 5") as caught:
        Training.resume(folder, seed=5, threads=1)
    assert "was started with seed 0" in caught.value.why
    with pytest.raises(CopycarError, match="has run 3 epochs already"):
        Training.resume(folder, epochs=2)
    assert Training.resume(folder, seed=0, epochs=3, threads=1).settings.threads == 1


def test_going_on_with_changed_recordings_is_refused(tub, tmp_path):
    mine = Path(shutil.copytree(tub, tmp_path / "tub", copy_function=shutil.copyfile))

    def on_step(epoch, *_):
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Training([mine], SETTINGS, out=tmp_path / "run").train(on_step=on_step)
    Tub.open(mine).delete([3])
    with pytest.raises(CopycarError, match="have changed"):
        Training.resume(tmp_path / "run").train()


def test_a_training_that_fails_is_marked(tub, tmp_path):
    wild = SETTINGS.model_copy(update={"learning_rate": 1e30})
    training = Training([tub], wild, out=tmp_path / "run")
    with pytest.raises(CopycarError, match=r"is (nan|inf)"):
        training.train()
    assert training.run.describe()["state"] == "failed"


def test_a_training_that_fails_late_leaves_the_policy_so_far(tub, tmp_path, monkeypatch):
    loss = DrivingTask.loss
    training = Training([tub], SETTINGS, out=tmp_path / "run")

    def spoilt(task, network, batch):
        return loss(task, network, batch) * (float("nan") if training.run.best.exists() else 1.0)

    monkeypatch.setattr(DrivingTask, "loss", spoilt)
    with pytest.raises(CopycarError, match="epoch 2, batch 1 is nan"):
        training.train()
    action = Policy.load(training.run.policy).act({"image": np.zeros((48, 64, 3), np.uint8)})
    assert np.isfinite(action).all()


def test_listeners_hear_the_start_every_epoch_and_the_end(tub, tmp_path):
    class Notes(Listener):
        def __init__(self):
            self.heard = []

        def on_start(self, run, description):
            self.heard.append((run.folder.name, description["settings"]["epochs"]))

        def on_epoch(self, epoch):
            self.heard.append(epoch.number)

        def on_stop(self, state):
            self.heard.append(state)

        def on_end(self, result):
            self.heard.append(result["policy"])

    notes, run = Notes(), tmp_path / "run"
    settings = SETTINGS.model_copy(update={"epochs": 1})
    Training([tub], settings, out=run).train(listeners=[notes])
    assert notes.heard == [("run", 1), 1, str(run / "policy.onnx")]
    notes.heard.clear()
    with pytest.raises(EnoughError):
        Training([tub], settings, out=tmp_path / "torn").train(listeners=[notes], on_step=enough)
    assert notes.heard == [("torn", 1), "failed"]


def test_a_second_training_in_the_same_folder_is_refused(trained, tub):
    before = trained.run.policy.read_bytes()
    with pytest.raises(CopycarError, match="holds a run already"):
        Training([tub], SETTINGS, out=trained.run.folder).train()
    assert trained.run.policy.read_bytes() == before


def test_a_network_that_does_not_fit_leaves_no_folder(tub, tmp_path):
    with pytest.raises(CopycarError, match="too small"):
        Training([tub], TrainSettings(type="linear", epochs=1), out=tmp_path / "run").train()
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("how", ["folder", "policy"])
def test_transfer_starts_from_the_other_runs_weights(trained, tub, tmp_path, how):
    source = trained.run.folder if how == "folder" else trained.run.policy
    training = Training([tub], STANDING_STILL, out=tmp_path / "run", transfer=source)
    with pytest.raises(EnoughError):
        training.train(on_epoch=enough)
    for name, value in best(trained.run).items():
        torch.testing.assert_close(best(training.run)[name], value, atol=1e-6, rtol=1e-5)
    described = training.run.describe()
    assert described["transfer"] == str(trained.run.folder)
    assert described["taken"][0] == "convolutions.0 (Conv2d 24x3x5x5)"
    assert (len(described["taken"]), described["left"]) == (8, [])


def test_an_interrupted_transfer_starts_again_from_the_transferred_weights(trained, tub, tmp_path):
    with pytest.raises(EnoughError):
        Training([tub], STANDING_STILL, out=tmp_path / "run", transfer=trained.run.folder).train(on_step=enough)
    resumed = Training.resume(tmp_path / "run")
    with pytest.raises(EnoughError):
        resumed.train(on_epoch=enough)
    for name, value in best(trained.run).items():
        torch.testing.assert_close(best(resumed.run)[name], value, atol=1e-6, rtol=1e-5)


def test_frozen_layers_keep_their_weights_to_the_bit_and_the_others_learn(trained, tub, tmp_path):
    frozen = SETTINGS.model_copy(update={"epochs": 1, "freeze": 5})
    training = Training([tub], frozen, out=tmp_path / "run", transfer=trained.run.folder)
    with pytest.raises(EnoughError):
        training.train(on_epoch=enough)
    before, after = best(trained.run), best(training.run)
    kept = {name for name in before if torch.equal(before[name], after[name])}
    assert {name for name in kept if name.endswith(("weight", "bias"))} == {
        name for name in before if name.startswith("convolutions.") and name.endswith(("weight", "bias"))
    }
    assert [name.split()[0] for name in training.run.describe()["frozen"]] == [
        f"convolutions.{n}" for n in (0, 2, 4, 6, 8)
    ]
    resumed = Training.resume(tmp_path / "run", epochs=2)
    with pytest.raises(EnoughError):
        resumed.train(on_epoch=enough)
    assert torch.equal(best(resumed.run)["convolutions.0.weight"], before["convolutions.0.weight"])


def test_freezing_what_has_learned_nothing_is_refused(tub):
    with pytest.raises(CopycarError, match="--freeze needs --transfer"):
        Training([tub], SETTINGS.model_copy(update={"freeze": 2}))


def test_transfer_from_nothing_or_from_another_network_is_refused(trained, tub, tmp_path):
    with pytest.raises(CopycarError, match="no weights to start from"):
        Training([tub], SETTINGS, transfer=tmp_path / "nowhere")
    other = SETTINGS.model_copy(update={"type": "pilotnet"})
    with pytest.raises(CopycarError, match="do not fit"):
        Training([tub], other, out=tmp_path / "run", transfer=trained.run.folder).train()
    assert not (tmp_path / "run").exists()


def test_a_mistyped_network_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(CopycarError, match="did you mean pilotnet"):
        Training([tmp_path / "nowhere"], TrainSettings(type="pilotnte"))


@pytest.mark.parametrize("described", [{}, {"settings": {}, "tubs": []}])
def test_a_run_that_says_too_little_cannot_be_gone_on_with(tmp_path, described):
    (tmp_path / "run.json").write_text(json.dumps(described))
    with pytest.raises(CopycarError, match="cannot be gone on with"):
        Training.resume(tmp_path)
