"""The fit loop: epochs, validation, best checkpoint, early stop, resume. Knows nothing of driving."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import nn

from copycar.core.errors import CopycarError
from copycar.learning.device import autocast
from copycar.learning.run import Run
from copycar.learning.task import Figures, Task
from copycar.learning.weights import load_state, save_state


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train.

    Attributes:
        epochs: most passes over the training frames.
        learning_rate: peak of the one-cycle schedule (Smith 2018).
        weight_decay: AdamW's decoupled decay.
        patience: epochs without a better score before stopping early; None runs them all. The schedule ends with
            small steps, which is where most of the score is won, so stopping before them seldom pays.
        batch_size: samples per step.
        seed: of dropout, and of everything the task draws.
    """

    epochs: int
    learning_rate: float
    weight_decay: float
    patience: int | None
    batch_size: int
    seed: int


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one epoch brought.

    Attributes:
        number: counted from 1.
        loss: mean training loss.
        images_per_s: training throughput of this epoch.
        seconds: wall time with validation.
        figures: validation figures, with `"score"` (lower is better).
        is_best: whether no earlier epoch scored better.
    """

    number: int
    loss: float
    images_per_s: float
    seconds: float
    figures: Figures
    is_best: bool


@dataclass(slots=True)
class Progress:
    """What is saved after every epoch besides weights: where we are."""

    epoch: int = 0
    best_epoch: int = 0
    best_score: float = float("inf")
    history: list[dict[str, Any]] = field(default_factory=list)


SETTLED = 0.75
"""Share of the schedule after which weights are chosen from.

Held-out frames of one drive are few, and an early epoch that is lucky on them drives off the road: on 700 frames, epoch
12 of 60 was chosen and needed help 4 times a lap, the settled one never (12 trials on 3 unseen tracks).
"""

OnStep = Callable[[int, int, int], None]
"""Called with (epoch from 1, samples done in it, samples of an epoch)."""


def fit(
    task: Task,
    run: Run,
    plan: Plan,
    device: torch.device,
    precision: torch.dtype,
    *,
    on_step: OnStep | None = None,
    on_epoch: Callable[[Epoch], None] | None = None,
) -> Progress:
    """Train `task.network`, leave its best weights in it and in the run's folder.

    A run with a checkpoint goes on where it stopped, and ends where it would have ended uninterrupted.

    Raises:
        CopycarError: the loss is not a number, or a file of an interrupted run is damaged.
    """
    network = _in_quickest_layout(task.network.to(device))
    optimiser, schedule = _optimiser(task, plan, device)
    progress = _resume(run, network, optimiser, schedule, device)
    while not _is_over(plan, progress):
        torch.manual_seed(plan.seed * 100_003 + progress.epoch)  # dropout: an epoch is the same resumed or not
        started = time.perf_counter()
        loss, images_per_s = _train_epoch(task, optimiser, schedule, progress.epoch, device, precision, on_step)
        figures = _validate(task, device, precision)
        if progress.epoch == int(plan.epochs * SETTLED):
            progress.best_score = float("inf")  # from here on the steps are small: forget what was lucky before
        epoch = _note(progress, loss, images_per_s, time.perf_counter() - started, figures)
        if epoch.is_best:
            save_state(run.best, network.state_dict())
        run.log(asdict(epoch))
        _save(run, network, optimiser, schedule, progress)
        if on_epoch is not None:
            on_epoch(epoch)
    network.load_state_dict(load_state(run.best, device))
    return progress


def _in_quickest_layout(network: nn.Module) -> nn.Module:
    """Lay the weights of two-dimensional convolutions out as the CPU's kernels like them."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def _is_over(plan: Plan, progress: Progress) -> bool:
    waited = progress.epoch - progress.best_epoch
    return progress.epoch >= plan.epochs or (plan.patience is not None and waited >= plan.patience)


def _train_epoch(
    task: Task,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    epoch: int,
    device: torch.device,
    precision: torch.dtype,
    on_step: OnStep | None,
) -> tuple[float, float]:
    task.network.train()
    started, n_done, n_steps = time.perf_counter(), 0, 0
    total = torch.zeros((), device=device)
    for batch in task.train_batches(epoch, device):
        with autocast(device, precision):
            loss = task.loss(task.network, batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        total += loss.detach()
        n_steps += 1
        n_done += len(batch)
        if on_step is not None:
            on_step(epoch + 1, n_done, task.n_train)
    mean_loss = float(total) / n_steps
    _require_number("training loss", mean_loss, epoch + 1)
    return mean_loss, n_done / (time.perf_counter() - started)


def _validate(task: Task, device: torch.device, precision: torch.dtype) -> Figures:
    task.network.eval()
    with torch.inference_mode(), autocast(device, precision):
        return task.judge(task.network, task.validation_batches(device))


def _note(progress: Progress, loss: float, images_per_s: float, seconds: float, figures: Figures) -> Epoch:
    progress.epoch += 1
    _require_number("validation error", figures["score"], progress.epoch)  # the last step can break what was sound
    is_best = figures["score"] < progress.best_score
    if is_best:
        progress.best_epoch, progress.best_score = progress.epoch, figures["score"]
    epoch = Epoch(progress.epoch, loss, images_per_s, seconds, figures, is_best)
    progress.history.append(asdict(epoch))
    return epoch


def _require_number(what: str, value: float, epoch: int) -> None:
    if not math.isfinite(value):
        raise CopycarError(
            f"the {what} of epoch {epoch} is {value}",
            "the steps were too large, or the labels hold something that is not a number",
            "lower --learning-rate, or look at the data: copycar tub info TUB",
        )


def _optimiser(
    task: Task, plan: Plan, device: torch.device
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    optimiser = torch.optim.AdamW(
        task.network.parameters(), plan.learning_rate, weight_decay=plan.weight_decay, fused=device.type != "mps"
    )
    steps = -(-task.n_train // plan.batch_size) * plan.epochs
    return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.learning_rate, total_steps=steps + 1)


def _save(run: Run, network: nn.Module, optimiser: Any, schedule: Any, progress: Progress) -> None:
    parts = {"network": network, "optimiser": optimiser, "schedule": schedule}
    state = {name: part.state_dict() for name, part in parts.items()}
    save_state(run.checkpoint, state | {"progress": asdict(progress)})


def _resume(run: Run, network: nn.Module, optimiser: Any, schedule: Any, device: torch.device) -> Progress:
    if not run.checkpoint.exists():
        return Progress()
    saved = load_state(run.checkpoint, device)
    network.load_state_dict(saved["network"])
    optimiser.load_state_dict(saved["optimiser"])
    schedule.load_state_dict(saved["schedule"])
    progress = Progress(**saved["progress"])
    run.restore_log(progress.history)  # an epoch that was logged but not saved is run again
    return progress
