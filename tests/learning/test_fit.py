import errno
import json

import pytest
import torch
from scripted_task import ScriptedTask

from copycar.core.errors import CopycarError
from copycar.learning import fit as fit_module
from copycar.learning.fit import Plan, fit
from copycar.learning.run import Run

FALLING = (5.0, 4.0, 3.0, 2.0, 1.0)


def plan(**changes):
    values = {"epochs": 5, "learning_rate": 0.01, "weight_decay": 0.0, "patience": None, "batch_size": 2, "seed": 0}
    return Plan(**values | changes)


def trained(folder, task, on_epoch=None, on_step=None, **changes):
    folder.mkdir(exist_ok=True)
    progress = fit(
        task, Run(folder), plan(**changes), torch.device("cpu"), torch.float32, on_epoch=on_epoch, on_step=on_step
    )
    return progress, {name: value.clone() for name, value in task.network.state_dict().items()}


def assert_equal(weights, others):
    assert weights.keys() == others.keys()
    for name, value in weights.items():
        assert torch.equal(value, others[name]), name


def logged(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def interrupt_in(epoch, sample=4):
    def on_step(number, done, total):
        assert total == ScriptedTask.n_train
        if (number, done) == (epoch, sample):
            raise KeyboardInterrupt

    return on_step


def test_the_same_seed_gives_equal_weights_and_another_one_does_not(tmp_path):
    _, one = trained(tmp_path / "one", ScriptedTask(FALLING))
    _, two = trained(tmp_path / "two", ScriptedTask(FALLING))
    _, other = trained(tmp_path / "other", ScriptedTask(FALLING), seed=1)
    assert_equal(one, two)
    assert not torch.equal(one["0.weight"], other["0.weight"])


@pytest.mark.parametrize("epoch", [1, 2, 4])
def test_an_interrupted_training_ends_where_it_would_have_ended(tmp_path, epoch):
    _, whole = trained(tmp_path / "whole", ScriptedTask(FALLING))
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "torn", ScriptedTask(FALLING), on_step=interrupt_in(epoch))
    torch.manual_seed(12345)  # whatever happened in between
    task = ScriptedTask(FALLING)
    progress, resumed = trained(tmp_path / "torn", task)
    assert_equal(whole, resumed)
    assert task.epochs_asked == list(range(epoch - 1, 5))
    assert [line["number"] for line in logged(tmp_path / "torn")] == [1, 2, 3, 4, 5]
    assert progress.epoch == 5


def test_finished_epochs_are_on_disk_before_anybody_is_told(tmp_path):
    def on_epoch(epoch):
        run = Run(tmp_path / "run")
        assert run.best.exists()
        assert run.checkpoint.exists()
        assert len(run.epochs()) == epoch.number

    trained(tmp_path / "run", ScriptedTask(FALLING), on_epoch=on_epoch)


def test_an_epoch_that_was_logged_but_not_saved_is_run_again_and_counted_once(tmp_path, monkeypatch):
    _, whole = trained(tmp_path / "whole", ScriptedTask(FALLING))
    save = fit_module.save_state

    def full_disk_in_epoch_2(path, state):
        if path.name == "checkpoint.pt" and state["progress"]["epoch"] == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(path, state)

    with monkeypatch.context() as patch:
        patch.setattr(fit_module, "save_state", full_disk_in_epoch_2)
        with pytest.raises(OSError, match="No space"):
            trained(tmp_path / "torn", ScriptedTask(FALLING))
    _, resumed = trained(tmp_path / "torn", ScriptedTask(FALLING))
    assert_equal(whole, resumed)
    assert [line["number"] for line in logged(tmp_path / "torn")] == [1, 2, 3, 4, 5]


def test_a_finished_training_is_not_trained_further(tmp_path):
    _, whole = trained(tmp_path / "run", ScriptedTask(FALLING))
    task = ScriptedTask(FALLING)
    _, again = trained(tmp_path / "run", task)
    assert task.epochs_asked == []
    assert_equal(whole, again)


def test_it_stops_early_when_nothing_gets_better(tmp_path):
    progress, _ = trained(tmp_path / "run", ScriptedTask([3.0, 1.0, 2.0, 2.0, 2.0, 0.5]), epochs=6, patience=2)
    assert (progress.epoch, progress.best_epoch) == (4, 2)


def test_the_best_settled_epoch_is_what_remains_and_neither_a_lucky_early_one_nor_the_last(tmp_path):
    weights = {}

    def on_epoch(epoch):
        weights[epoch.number] = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["network"]

    scores = [5.0, 0.1, 3.0, 3.0, 3.0, 3.0, 1.0, 4.0]
    progress, left = trained(tmp_path / "run", ScriptedTask(scores), on_epoch, epochs=8)
    assert progress.best_epoch == 7
    assert_equal(left, weights[7])
    assert [line["number"] for line in logged(tmp_path / "run") if line["is_best"]] == [1, 2, 7]


@pytest.mark.parametrize("label", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_ends_the_training_in_words(tmp_path, label):
    with pytest.raises(CopycarError, match="training loss of epoch 1"):
        trained(tmp_path / "run", ScriptedTask(label=label))
    assert not (tmp_path / "run" / "best.pt").exists()


def test_a_validation_error_that_is_no_number_ends_it_too_and_keeps_the_epochs_before(tmp_path):
    with pytest.raises(CopycarError, match="validation error of epoch 2"):
        trained(tmp_path / "run", ScriptedTask([1.0, float("nan")]))
    assert [line["number"] for line in logged(tmp_path / "run")] == [1]
    assert (tmp_path / "run" / "best.pt").exists()


def test_a_damaged_checkpoint_is_named(tmp_path):
    trained(tmp_path / "run", ScriptedTask(FALLING))
    checkpoint = tmp_path / "run" / "checkpoint.pt"
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    with pytest.raises(CopycarError, match=r"checkpoint\.pt cannot be read"):
        trained(tmp_path / "run", ScriptedTask(FALLING))
