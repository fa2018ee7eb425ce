"""The fit loop: epochs, validation, best weights, early stop, resume. Knows nothing of driving."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LRScheduler

from copycar.core.errors import CopycarError
from copycar.learning.average import AveragedNetwork
from copycar.learning.checkpoint import Learner, restore, save_checkpoint
from copycar.learning.device import autocast
from copycar.learning.optimiser import make_optimiser, make_schedule
from copycar.learning.progress import Epoch, Figures, Plan, Progress
from copycar.learning.run import Run
from copycar.learning.task import Task
from copycar.learning.weights import load_state, save_state

SETTLED = 0.75
"""Share of the schedule after which weights are chosen from.

Held-out frames of one drive are few, and an early epoch that is lucky on them drives off the road: on 700 frames, epoch
12 of 60 was chosen and needed help 4 times a lap, the settled one never (12 trials on 3 unseen tracks).
"""

LOOK_EVERY = 100
"""Steps after which the losses are looked at: on a GPU every look waits for it."""

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
        CopycarError: the loss is not a number, or a file of an interrupted run is damaged or of another training.
    """
    learner, schedule = _begin(task, run, plan, device)
    progress = learner.progress
    while not _is_over(plan, progress):
        torch.manual_seed(plan.seed * 100_003 + progress.epoch)  # dropout: an epoch is the same resumed or not
        started = time.perf_counter()
        loss, images_per_s = _train_epoch(task, learner, schedule, plan, device, precision, on_step)
        figures = _validate(task, learner.judged, device, precision)
        if progress.epoch == int(plan.epochs * SETTLED):
            progress.best_score = float("inf")  # from here on the steps are small: forget what was lucky before
        rate = float(schedule.get_last_lr()[0])
        epoch = _note(progress, loss, images_per_s, time.perf_counter() - started, figures, rate)
        if epoch.is_best:
            save_state(run.best, learner.judged.state_dict())
        run.log(asdict(epoch))
        save_checkpoint(run, learner)
        if on_epoch is not None:
            on_epoch(epoch)
    task.network.load_state_dict(load_state(run.best, device))
    return progress


def _begin(task: Task, run: Run, plan: Plan, device: torch.device) -> tuple[Learner, LRScheduler]:
    network = _in_quickest_layout(task.network.to(device))
    average = AveragedNetwork(network, plan.ema) if plan.ema else None
    learner = Learner(network, average, make_optimiser(network, plan), Progress())
    restore(run, learner, device)
    steps = -(-task.n_train // plan.batch_size)
    schedule = make_schedule(learner.optimiser, plan, plan.epochs * steps, learner.progress.steps)
    return learner, schedule


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
    learner: Learner,
    schedule: LRScheduler,
    plan: Plan,
    device: torch.device,
    precision: torch.dtype,
    on_step: OnStep | None,
) -> tuple[float, float]:
    learner.network.train()
    started, n_done, epoch = time.perf_counter(), 0, learner.progress.epoch
    losses: list[Tensor] = []
    for batch in task.train_batches(epoch, device):
        with autocast(device, precision):
            loss = task.loss(learner.network, batch)
        _step(learner, loss, plan.clip)
        schedule.step()
        losses.append(loss.detach())
        n_done += len(batch)
        if len(losses) % LOOK_EVERY == 0:
            _require_numbers(losses, epoch + 1)
        if on_step is not None:
            on_step(epoch + 1, n_done, task.n_train)
    return _require_numbers(losses, epoch + 1), n_done / (time.perf_counter() - started)


def _step(learner: Learner, loss: Tensor, clip: float | None) -> None:
    learner.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    if clip is not None:
        nn.utils.clip_grad_norm_(learner.network.parameters(), clip)
    learner.optimiser.step()
    learner.progress.steps += 1
    if learner.average:
        learner.average.follow()


def _validate(task: Task, network: nn.Module, device: torch.device, precision: torch.dtype) -> Figures:
    network.eval()
    with torch.inference_mode(), autocast(device, precision):
        return task.judge(network, task.validation_batches(device))


def _note(progress: Progress, loss: float, images_per_s: float, seconds: float, figures: Figures, rate: float) -> Epoch:
    number = progress.epoch + 1
    if not math.isfinite(figures["score"]):  # the last step can break what was sound
        raise _no_number(f"the validation error of epoch {number}", figures["score"])
    is_best = figures["score"] < progress.best_score
    progress.epoch = number
    if is_best:
        progress.best_epoch, progress.best_score = number, figures["score"]
    epoch = Epoch(number, loss, images_per_s, seconds, figures, is_best, rate)
    progress.history.append(asdict(epoch))
    return epoch


def _require_numbers(losses: Sequence[Tensor], epoch: int) -> float:
    """Return the mean of an epoch's losses so far."""
    values = torch.stack(list(losses)).double()
    wrong = (~values.isfinite()).nonzero()
    if len(wrong):
        batch = int(wrong[0])
        raise _no_number(f"the training loss of epoch {epoch}, batch {batch + 1}", float(values[batch]))
    return float(values.mean())


def _no_number(what: str, value: float) -> CopycarError:
    return CopycarError(
        f"{what} is {value}",
        "the steps were too large, or the labels hold something that is not a number",
        "lower --learning-rate, set --clip 1, or look at the data: copycar tub info TUB",
    )
