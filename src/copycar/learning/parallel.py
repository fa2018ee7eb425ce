"""Several processes on one machine that share every batch (data parallel). Knows tasks and gradients, and no data.

Each process computes its share of a batch, and the gradients are averaged, so that all take the same step: the
training is that of one process. The first process judges and writes; the others only compute.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from copycar.core.errors import EXIT_TRY_AGAIN, CopycarError
from copycar.learning.progress import Figures
from copycar.learning.run import RUN_FILE, Run
from copycar.learning.task import Task
from copycar.learning.torchrun import torchrun_place

BACKEND = "gloo"
BY_ENVIRONMENT = "env://"
"""Where processes meet that torchrun has started."""


class WorkerLostError(CopycarError):
    """Another process of the training has ended: with as many as before, or fewer, it can go on."""

    exit_code = EXIT_TRY_AGAIN


@dataclass(frozen=True, slots=True)
class Workers:
    """This process among those that train together.

    Attributes:
        rank: its number; 0 judges and writes.
        size: how many there are.
    """

    rank: int = 0
    size: int = 1

    def share(self, task: Task) -> Task:
        """Return this process's share of a task; the task itself where there is only one process."""
        return task if self.size == 1 else Share(task, self)

    def average(self, parameter: Tensor) -> None:
        """Replace a parameter's gradient by its mean over all processes.

        Raises:
            WorkerLostError: another process has ended.
        """
        assert parameter.grad is not None
        with noticing_loss():
            dist.all_reduce(parameter.grad)
        parameter.grad.div_(self.size)


ALONE = Workers()


@dataclass(frozen=True, slots=True)
class Part:
    """One process's part of a batch; as long as the whole one, for throughput is that of all.

    Attributes:
        batch: every `size`-th sample.
        weight: of its mean loss, so that the mean over processes is the mean over the batch's samples.
        n_whole: samples of the whole batch.
    """

    batch: Any
    weight: float
    n_whole: int

    def __len__(self) -> int:
        return self.n_whole


class Share:
    """A task of which this process computes its share of every batch; the first one judges for all.

    The gradients of its network are those of the whole batch: each is averaged as soon as it is there, in the order of
    the backward pass, which is the same in every process.
    """

    def __init__(self, task: Task, workers: Workers) -> None:
        self._task, self._workers = task, workers
        for parameter in task.network.parameters():
            if parameter.requires_grad:
                parameter.register_post_accumulate_grad_hook(workers.average)  # type: ignore[no-untyped-call]

    @property
    def network(self) -> nn.Module:
        """What is trained: every process has its own, with the same weights."""
        return self._task.network

    @property
    def n_train(self) -> int:
        """Training samples per epoch, of all processes together."""
        return self._task.n_train

    def train_batches(self, epoch: int, device: torch.device) -> Iterator[Part]:
        """Yield this process's part of every batch."""
        rank, size = self._workers.rank, self._workers.size
        for batch in self._task.train_batches(epoch, device):
            n_whole = len(batch)
            n_mine = len(range(rank, n_whole, size))
            # a batch with fewer samples than there are processes: the last ones compute one that does not count
            mine = slice(rank, None, size) if n_mine else slice(0, 1)
            yield Part(sliced(batch, mine), n_mine * size / n_whole, n_whole)

    def validation_batches(self, device: torch.device) -> Iterator[Any]:
        """Yield the whole held-out batches."""
        return self._task.validation_batches(device)

    def loss(self, network: nn.Module, batch: Part) -> Tensor:
        """Return the part's loss, weighed."""
        return self._task.loss(network, batch.batch) * batch.weight

    def judge(self, network: nn.Module, batches: Iterator[Any]) -> Figures:
        """Return the first process's figures in all of them, so that all agree when to stop.

        Raises:
            WorkerLostError: another process has ended.
        """
        found: list[Any] = [dict(self._task.judge(network, batches)) if self._workers.rank == 0 else None]
        with noticing_loss():
            dist.broadcast_object_list(found)
        figures: Figures = found[0]
        return figures


def sliced(batch: Any, which: slice) -> Any:
    """Return the same batch with some of its samples: tensors, and mappings, tuples and dataclasses of them."""
    if isinstance(batch, Mapping):
        return {name: sliced(value, which) for name, value in batch.items()}
    if isinstance(batch, tuple):
        return tuple(sliced(value, which) for value in batch)
    if is_dataclass(batch) and not isinstance(batch, type):
        return type(batch)(**{field.name: sliced(getattr(batch, field.name), which) for field in fields(batch)})
    return batch[which]


@contextmanager
def working_together(n_workers: int, folder: Path, assist: Callable[[int, int, str], None]) -> Iterator[Workers]:
    """Start the other processes, meet them, and end them afterwards; under torchrun they are there already.

    Args:
        n_workers: processes, this one included.
        folder: of the run, of which the others get a copy: they may be on other machines.
        assist: what the others do: called with their rank, how many there are and where to meet.
    """
    if (place := torchrun_place()) is not None:
        with joined(*place, BY_ENVIRONMENT) as workers:
            hand_out(folder)
            yield workers
        return
    if n_workers == 1:
        yield ALONE
        return
    with tempfile.TemporaryDirectory() as scratch:
        meeting = (Path(scratch) / "meeting").as_uri()
        others = [
            get_context("spawn").Process(target=assist, args=(rank, n_workers, meeting), daemon=True)
            for rank in range(1, n_workers)
        ]
        try:
            for other in others:
                other.start()
            with joined(0, n_workers, meeting) as workers:
                hand_out(folder)
                yield workers
        finally:
            for other in others:
                other.terminate()
                other.join()


@contextmanager
def joined(rank: int, size: int, meeting: str) -> Iterator[Workers]:
    """Wait for all processes, and be one of them; where a cluster has let them meet already, go on with that."""
    if dist.is_initialized():
        yield Workers(rank, size)
        return
    dist.init_process_group(BACKEND, init_method=meeting, rank=rank, world_size=size)
    try:
        yield Workers(rank, size)
    finally:
        leave()


@contextmanager
def noticing_loss() -> Iterator[None]:
    """Say that another process has ended where they wait for it in vain.

    Raises:
        WorkerLostError: one has ended.
    """
    try:
        yield
    except RuntimeError as error:
        why = str(error).partition("\n")[0]
        raise WorkerLostError("another worker has ended", why, "go on with fewer: --resume --workers 1") from error


def leave() -> None:
    """Leave the other processes, so that none of them waits for this one in vain."""
    if dist.is_initialized():
        dist.destroy_process_group()


def hand_out(folder: Path) -> None:
    """Give the other processes a copy of what the run in `folder` needs to go on: they wait for it (`hand_over`).

    Raises:
        WorkerLostError: one of them has ended.
    """
    run = Run(folder)
    needed = (folder / RUN_FILE, run.checkpoint, run.best)
    files = {path.name: path.read_bytes() for path in needed if path.is_file()}
    with noticing_loss():
        dist.broadcast_object_list([files])


def hand_over(into: Path) -> None:
    """Put the copy that the first process gives into the folder `into`.

    Raises:
        WorkerLostError: the first process has ended.
    """
    found: list[Any] = [None]
    with noticing_loss():
        dist.broadcast_object_list(found)
    for name, content in found[0].items():
        (into / name).write_bytes(content)
