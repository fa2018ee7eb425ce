import json
from multiprocessing import get_context

import pytest
import torch

from copycar.core.errors import EXIT_TRY_AGAIN
from copycar.learning.assistant import assist
from copycar.learning.batches import Batch
from copycar.learning.parallel import ALONE, Share, WorkerLostError, Workers, joined, noticing_loss, sliced
from copycar.learning.settings import TrainSettings
from copycar.learning.torchrun import torchrun_place
from copycar.learning.training import Training

SETTINGS = TrainSettings(
    epochs=3,
    precision="fp32",
    device="cpu",
    batch_size=32,
    network={"dropout": 0.0, "randomised": 0.0},
    threads=1,
    ema=0.9,
)
"""Without dropout and random looks, which differ between one process and several."""
PATIENCE_S = 300


class Row:
    """A task of one batch of n rows, whose loss is their mean."""

    n_train = 5

    def __init__(self, n_rows):
        self.network, self.n_rows = torch.nn.Linear(1, 1), n_rows

    def train_batches(self, epoch, device):
        rows = torch.arange(float(self.n_rows))
        yield Batch({"image": rows}, {"action": rows[:, None]})

    def loss(self, network, batch):
        return batch.inputs["image"].mean()


@pytest.mark.parametrize(("n_rows", "size"), [(6, 2), (5, 2), (7, 3), (2, 4)])
def test_the_shares_of_a_batch_make_its_mean_loss(n_rows, size):
    losses = []
    for rank in range(size):
        task = Share(Row(n_rows), Workers(rank, size))
        (part,) = task.train_batches(0, torch.device("cpu"))
        assert len(part) == n_rows  # throughput is that of all
        losses.append(float(task.loss(task.network, part)))
    assert sum(losses) / size == pytest.approx((n_rows - 1) / 2)


def test_a_single_process_computes_the_task_itself():
    task = Row(3)
    assert ALONE.share(task) is task


def test_every_kind_of_batch_can_be_shared():
    rows = torch.arange(6)
    batch = Batch({"image": rows}, {"action": rows[:, None]})
    part = sliced(({"a": rows}, batch), slice(1, None, 2))
    assert part[0]["a"].tolist() == [1, 3, 5]
    assert part[1].labels["action"].flatten().tolist() == [1, 3, 5]


def test_a_process_of_torchrun_knows_its_place(monkeypatch):
    assert torchrun_place() is None
    for name, value in (("TORCHELASTIC_RUN_ID", "x"), ("RANK", "1"), ("WORLD_SIZE", "3")):
        monkeypatch.setenv(name, value)
    assert torchrun_place() == (1, 3)


def test_a_worker_that_is_lost_is_worth_another_try():
    with pytest.raises(WorkerLostError, match="another worker has ended") as lost, noticing_loss():
        raise RuntimeError("Connection closed by peer\nsomewhere in a library")
    assert lost.value.exit_code == EXIT_TRY_AGAIN
    assert lost.value.why == "Connection closed by peer"


@pytest.mark.slow
def test_a_helper_whose_leader_has_left_ends_without_a_word(tmp_path, capfd):
    meeting = (tmp_path / "meeting").as_uri()
    helper = get_context("spawn").Process(target=assist, args=(1, 2, meeting))
    helper.start()
    with joined(0, 2, meeting):
        pass  # as one that was refused before it could hand out a run
    helper.join(PATIENCE_S)
    assert helper.exitcode == 0
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_two_processes_train_like_one_and_go_on_where_they_stopped(tub, tmp_path):
    alone = Training([tub], SETTINGS, out=tmp_path / "alone").train()

    def on_epoch(epoch):
        if epoch.number == 2:
            raise KeyboardInterrupt

    two = SETTINGS.model_copy(update={"workers": 2})
    with pytest.raises(KeyboardInterrupt):
        Training([tub], two, out=tmp_path / "two").train(on_epoch=on_epoch)
    both = Training.resume(tmp_path / "two").train()
    for one, other in zip(alone.run.epochs(), both.run.epochs(), strict=True):
        assert other["figures"]["score"] == pytest.approx(one["figures"]["score"], rel=0.02)
        assert other["loss"] == pytest.approx(one["loss"], rel=0.05)  # the first process's half of the batches
    weights = [torch.load(run.best, weights_only=True) for run in (alone.run, both.run)]
    one, other = (torch.cat([value.flatten() for value in state.values()]) for state in weights)
    assert (one - other).norm() < 0.02 * one.norm()  # rounding alone: sums are taken in another order
    assert json.loads((both.run.folder / "run.json").read_text())["state"] == "done"
