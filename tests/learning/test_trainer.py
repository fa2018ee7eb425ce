import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from copycar import __version__
from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.learning.settings import TrainSettings
from copycar.learning.trainer import Trainer
from copycar.tubs.tub import Tub

SETTINGS = TrainSettings(epochs=3, learning_rate=2e-3, precision="fp32", device="cpu", batch_size=32)
"""Fixed, so that these tests do not move with the defaults."""


@pytest.fixture(scope="module")
def trained(tub, tmp_path_factory):
    """One whole training; its folder is not to be written to."""
    return Trainer([tub], SETTINGS, out=tmp_path_factory.mktemp("trainer") / "run", command="copycar train tub").train()


def best(run):
    return torch.load(run.best, weights_only=True)


def test_it_leaves_the_promised_files(trained):
    names = {path.name for path in trained.run.folder.iterdir()}
    assert names == {"run.json", "metrics.jsonl", "checkpoint.pt", "best.pt", "policy.onnx"}


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
    steering = Trainer([tub], settings, out=tmp_path / "run").train().offline["steering"]
    assert steering["mae"] < 0.4 * steering["baseline_mean_mae"]
    assert steering["r2"] > 0.5


def test_the_same_seed_gives_the_same_policy(trained, tub, tmp_path):
    again = Trainer([tub], SETTINGS, out=tmp_path / "again").train()
    for name, value in best(trained.run).items():
        assert torch.equal(value, best(again.run)[name])
    assert again.offline == trained.offline


def test_an_interrupted_training_is_marked_and_goes_on_to_the_same_weights(trained, tub, tmp_path):
    def on_step(epoch, done, total):
        if epoch == 2 and done > total / 2:
            raise KeyboardInterrupt

    torn = Trainer([str(tub)], SETTINGS, out=tmp_path / "torn", command="copycar train tub")
    with pytest.raises(KeyboardInterrupt):
        torn.train(on_step=on_step)
    described = torn.run.describe()
    assert described["state"] == "interrupted"
    assert [line["number"] for line in torn.run.epochs()] == [1]
    assert not torn.run.policy.exists()

    resumed = Trainer.resume(tmp_path / "torn").train()
    for name, value in best(trained.run).items():
        assert torch.equal(value, best(resumed.run)[name])
    after = resumed.run.describe()
    assert after["state"] == "done"
    for key in ("command", "started", "settings", "tubs", "data"):
        assert after[key] == described[key]


def test_going_on_with_changed_recordings_is_refused(tub, tmp_path):
    mine = Path(shutil.copytree(tub, tmp_path / "tub", copy_function=shutil.copyfile))

    def on_step(epoch, *_):
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Trainer([mine], SETTINGS, out=tmp_path / "run").train(on_step=on_step)
    Tub.open(mine).delete([3])
    with pytest.raises(CopycarError, match="have changed"):
        Trainer.resume(tmp_path / "run").train()


def test_a_training_that_fails_is_marked(tub, tmp_path):
    wild = SETTINGS.model_copy(update={"learning_rate": 1e30})
    trainer = Trainer([tub], wild, out=tmp_path / "run")
    with pytest.raises(CopycarError, match=r"is (nan|inf)"):
        trainer.train()
    assert trainer.run.describe()["state"] == "failed"


def test_a_second_training_in_the_same_folder_is_refused(trained, tub):
    before = trained.run.policy.read_bytes()
    with pytest.raises(CopycarError, match="holds a run already"):
        Trainer([tub], SETTINGS, out=trained.run.folder).train()
    assert trained.run.policy.read_bytes() == before


def test_a_network_that_does_not_fit_leaves_no_folder(tub, tmp_path):
    with pytest.raises(CopycarError, match="too small"):
        Trainer([tub], TrainSettings(type="linear", epochs=1), out=tmp_path / "run").train()
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("how", ["folder", "policy"])
def test_transfer_starts_from_the_other_runs_weights(trained, tub, tmp_path, how):
    source = trained.run.folder if how == "folder" else trained.run.policy
    standing_still = SETTINGS.model_copy(update={"epochs": 1, "learning_rate": 1e-12, "weight_decay": 0.0})
    trainer = Trainer([tub], standing_still, out=tmp_path / "run", transfer=source)
    stopped = []

    def on_epoch(epoch):
        stopped.append(epoch)
        raise KeyboardInterrupt  # before the export, which takes longest

    with pytest.raises(KeyboardInterrupt):
        trainer.train(on_epoch=on_epoch)
    for name, value in best(trained.run).items():
        torch.testing.assert_close(best(trainer.run)[name], value, atol=1e-6, rtol=1e-5)
    assert trainer.run.describe()["transfer"] == str(trained.run.folder)


def test_an_interrupted_transfer_starts_again_from_the_transferred_weights(trained, tub, tmp_path):
    standing_still = SETTINGS.model_copy(update={"epochs": 1, "learning_rate": 1e-12, "weight_decay": 0.0})

    def at_once(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Trainer([tub], standing_still, out=tmp_path / "run", transfer=trained.run.folder).train(on_step=at_once)
    resumed = Trainer.resume(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        resumed.train(on_epoch=at_once)
    for name, value in best(trained.run).items():
        torch.testing.assert_close(best(resumed.run)[name], value, atol=1e-6, rtol=1e-5)


def test_transfer_from_nothing_or_from_another_network_is_refused(trained, tub, tmp_path):
    with pytest.raises(CopycarError, match="no weights to start from"):
        Trainer([tub], SETTINGS, transfer=tmp_path / "nowhere")
    other = SETTINGS.model_copy(update={"type": "pilotnet"})
    with pytest.raises(CopycarError, match="do not fit"):
        Trainer([tub], other, out=tmp_path / "run", transfer=trained.run.folder).train()
    assert not (tmp_path / "run").exists()


def test_a_mistyped_network_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(CopycarError, match="did you mean pilotnet"):
        Trainer([tmp_path / "nowhere"], TrainSettings(type="pilotnte"))


@pytest.mark.parametrize("described", [{}, {"settings": {}, "tubs": []}])
def test_a_run_that_says_too_little_cannot_be_gone_on_with(tmp_path, described):
    (tmp_path / "run.json").write_text(json.dumps(described))
    with pytest.raises(CopycarError, match="cannot be gone on with"):
        Trainer.resume(tmp_path)
