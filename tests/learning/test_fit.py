import errno
import json
import math

import pytest
import torch
from scripted_task import ScriptedTask

from copycar.core.errors import CopycarError
from copycar.learning import checkpoint
from copycar.learning.average import AveragedNetwork
from copycar.learning.fit import fit
from copycar.learning.optimiser import make_optimiser, make_schedule
from copycar.learning.progress import Plan
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
@pytest.mark.parametrize(
    "how", [{}, {"ema": 0.9}, {"schedule": "cosine"}, {"schedule": "constant", "clip": 0.01}], ids=str
)
def test_an_interrupted_training_ends_where_it_would_have_ended(tmp_path, epoch, how):
    _, whole = trained(tmp_path / "whole", ScriptedTask(FALLING), **how)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "torn", ScriptedTask(FALLING), on_step=interrupt_in(epoch), **how)
    torch.manual_seed(12345)  # whatever happened in between
    task = ScriptedTask(FALLING)
    progress, resumed = trained(tmp_path / "torn", task, **how)
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
    save = checkpoint.save_state

    def full_disk_in_epoch_2(path, state):
        if path.name == "checkpoint.pt" and state["progress"]["epoch"] == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(path, state)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "save_state", full_disk_in_epoch_2)
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
    with pytest.raises(CopycarError, match="training loss of epoch 1, batch 1 is"):
        trained(tmp_path / "run", ScriptedTask(label=label))
    assert not (tmp_path / "run" / "best.pt").exists()


def test_the_first_wrong_batch_is_named_and_the_epochs_before_are_kept(tmp_path):
    class Spoilt(ScriptedTask):
        def loss(self, network, batch):
            is_spoilt = self.epochs_asked == [0, 1] and batch[0] is self.second
            return super().loss(network, batch) * (float("nan") if is_spoilt else 1.0)

        def train_batches(self, epoch, device):
            for number, batch in enumerate(super().train_batches(epoch, device), 1):
                if number == 2:
                    self.second = batch[0]
                yield batch

    with pytest.raises(CopycarError, match="training loss of epoch 2, batch 2 is nan"):
        trained(tmp_path / "run", Spoilt(FALLING))
    assert [line["number"] for line in logged(tmp_path / "run")] == [1]
    kept = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert kept["progress"]["epoch"] == 1
    assert all(value.isfinite().all() for value in kept["network"].values())


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


def test_more_epochs_go_on_with_the_schedule_of_so_many(tmp_path):
    rates = []

    def on_epoch(epoch):
        saved = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
        rates.append(saved["optimiser"]["param_groups"][0]["lr"])

    trained(tmp_path / "run", ScriptedTask(FALLING), schedule="cosine", epochs=2)
    task = ScriptedTask(FALLING)
    progress, _ = trained(tmp_path / "run", task, on_epoch, schedule="cosine", epochs=4)
    assert (task.epochs_asked, progress.epoch) == ([2, 3], 4)
    assert rates == pytest.approx([0.01 * (1 + math.cos(math.pi * 3 / 4)) / 2, 0.0])


def test_a_constant_rate_extended_is_the_same_as_one_long_training(tmp_path):
    _, whole = trained(tmp_path / "whole", ScriptedTask(FALLING), schedule="constant", ema=0.5)
    trained(tmp_path / "run", ScriptedTask(FALLING), schedule="constant", ema=0.5, epochs=3)
    _, extended = trained(tmp_path / "run", ScriptedTask(FALLING), schedule="constant", ema=0.5)
    assert_equal(whole, extended)


@pytest.mark.parametrize("name", ["one-cycle", "cosine", "constant"])
def test_every_schedule_starts_and_ends_where_it_says(name):
    network = torch.nn.Linear(1, 1)
    optimiser = make_optimiser(network, plan(schedule=name, learning_rate=0.5))
    schedule = make_schedule(optimiser, plan(schedule=name, learning_rate=0.5), n_steps=10, n_done=0)
    rates = []
    for _ in range(10):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    first, last = {"one-cycle": (0.02, 0.02), "cosine": (0.5, 0.02), "constant": (0.5, 0.5)}[name]
    assert rates[0] == pytest.approx(first)
    assert rates[-1] == pytest.approx(last, abs=0.01)
    assert max(rates) == pytest.approx(0.5, rel=0.05)


def test_the_mean_of_the_weights_is_judged_and_kept_and_the_weights_themselves_go_on(tmp_path):
    class Watched(ScriptedTask):
        def judge(self, network, batches):
            self.judged = {name: value.clone() for name, value in network.state_dict().items()}
            return super().judge(network, batches)

    task = Watched(FALLING)
    _, left = trained(tmp_path / "run", task, ema=0.9)
    _, plain = trained(tmp_path / "plain", ScriptedTask(FALLING))
    saved = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert_equal(task.judged, left)
    assert_equal(saved["average"]["network"], left)
    assert_equal(saved["network"], plain)
    assert not torch.equal(left["0.weight"], plain["0.weight"])


def test_the_running_mean_forgets_its_random_start_and_then_follows_slowly():
    network = torch.nn.Linear(1, 1, bias=False)
    network.weight.data.fill_(100.0)
    average = AveragedNetwork(network, 0.9)
    for _ in range(40):
        network.weight.data.fill_(1.0)
        average.follow()
    assert average.network.weight.item() == pytest.approx(1.0, abs=0.1)
    network.weight.data.fill_(2.0)
    average.follow()
    assert average.network.weight.item() == pytest.approx(1.1, abs=0.1)


def test_long_gradients_are_shortened(tmp_path):
    start = ScriptedTask().network.state_dict()["0.weight"].clone()
    steep = {"epochs": 1, "schedule": "constant", "weight_decay": 0.0}
    task = ScriptedTask(label=1e6)
    gradients = []
    step = torch.optim.AdamW.step

    def watched(optimiser, *args):
        gradients.append(torch.cat([p.grad.flatten() for p in task.network.parameters()]).norm().item())
        return step(optimiser, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.optim.AdamW, "step", watched)
        trained(tmp_path / "run", task, clip=0.5, **steep)
    assert gradients == pytest.approx([0.5, 0.5, 0.5], rel=1e-3)
    assert not torch.equal(task.network.state_dict()["0.weight"], start)


def test_the_checkpoint_of_another_network_is_refused_in_words(tmp_path):
    trained(tmp_path / "run", ScriptedTask(FALLING), epochs=2)
    task = ScriptedTask(FALLING)
    task.network = torch.nn.Sequential(torch.nn.Linear(1, 3))
    with pytest.raises(CopycarError, match=r"checkpoint\.pt belongs to another training") as caught:
        trained(tmp_path / "run", task)
    assert "0.weight" in caught.value.why
    assert "--transfer" in caught.value.fix


def test_a_checkpoint_without_the_mean_that_is_asked_for_is_refused_in_words(tmp_path):
    trained(tmp_path / "run", ScriptedTask(FALLING), epochs=2)
    with pytest.raises(CopycarError, match="belongs to another training"):
        trained(tmp_path / "run", ScriptedTask(FALLING), ema=0.9)
