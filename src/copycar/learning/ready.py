"""Settles everything before the first step: network, task, plan, device, precision. Knows no files but weights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from copycar.core.errors import CopycarError
from copycar.learning.dataset import DrivingData
from copycar.learning.device import choose_device, choose_precision, keep_freed_memory
from copycar.learning.driving_task import DrivingTask
from copycar.learning.fit import fit
from copycar.learning.parallel import Workers
from copycar.learning.policies.network import DrivingNetwork
from copycar.learning.progress import Plan, Progress
from copycar.learning.run import Run
from copycar.learning.sampling import frame_weights
from copycar.learning.settings import TrainSettings
from copycar.learning.transfer import freeze, load_weights


@dataclass(frozen=True, slots=True)
class Ready:
    """A training that can begin.

    Attributes:
        data: frames, labels and their split.
        task: with the network.
        plan: how long and how hard.
        device, precision: where and with which numbers.
        layers: names of those that were `"taken"` from another run, `"left"` to begin anew, and `"frozen"`.
    """

    data: DrivingData
    task: DrivingTask
    plan: Plan
    device: torch.device
    precision: torch.dtype
    layers: Mapping[str, Sequence[str]]

    def fit(self, run: Run, workers: Workers, **told: Any) -> Progress:
        """Train into `run`'s folder, this process's share of it; see `copycar.learning.fit`."""
        return fit(workers.share(self.task), run, self.plan, self.device, self.precision, **told)


def prepare(
    settings: TrainSettings, data: DrivingData, make: Callable[[], DrivingNetwork], start_from: Path | None
) -> Ready:
    """Make the network and everything around it.

    Args:
        settings: what was chosen.
        data: what is learned from.
        make: makes the network, after the seed is set.
        start_from: weights of another run.

    Raises:
        CopycarError: the machine has no such device, or the weights do not fit.
    """
    keep_freed_memory()
    if settings.threads:
        torch.set_num_threads(settings.threads)
    device = choose_device(settings.device)
    if settings.workers > 1 and device.type != "cpu":
        raise CopycarError(f"several workers cannot share one {device}", fix="leave --workers out, or --device cpu")
    torch.manual_seed(settings.seed)
    network = make()
    layers = _layers(network, start_from, settings.freeze)
    plan = _plan(settings, data, network)
    return Ready(
        data, _task(settings, data, network), plan, device, choose_precision(device, settings.precision), layers
    )


def _layers(network: DrivingNetwork, start_from: Path | None, n_frozen: int) -> dict[str, list[str]]:
    """Put another run's weights into the network and hold its first layers fast; return which."""
    layers = {}
    if start_from is not None:
        transferred = load_weights(network, start_from)
        layers = {"taken": [*map(str, transferred.taken)], "left": [*map(str, transferred.left)]}
    if n_frozen:
        layers["frozen"] = [*map(str, freeze(network, n_frozen))]
    return layers


def _task(settings: TrainSettings, data: DrivingData, network: DrivingNetwork) -> DrivingTask:
    weights = frame_weights(
        data,
        balance=settings.balance,
        balance_classes=settings.balance_classes,
        corrections=settings.corrections,
    )
    return DrivingTask(
        data,
        network,
        settings.augment,
        batch_size=settings.batch_size,
        seed=settings.seed,
        weights=weights,
    )


def _plan(settings: TrainSettings, data: DrivingData, network: DrivingNetwork) -> Plan:
    return Plan(
        settings.epochs_on(len(data.train)),
        settings.learning_rate or network.learning_rate,
        settings.weight_decay,
        settings.patience,
        settings.batch_size,
        settings.seed,
        settings.schedule,
        settings.clip,
        settings.ema,
    )
