"""From tubs to a policy file: the one door to training, used by the command line and by Python programs."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from copycar import __version__
from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.augment import no_warps
from copycar.learning.batches import Batches
from copycar.learning.dataset import DrivingData, load_driving_data
from copycar.learning.device import PRECISION_NAMES, autocast, choose_device, choose_precision, keep_freed_memory
from copycar.learning.driving_task import DrivingTask
from copycar.learning.export.onnx import export_onnx
from copycar.learning.fit import Epoch, OnStep, Plan, Progress, fit
from copycar.learning.pipeline import Resize, Step
from copycar.learning.policies.network import NETWORKS, DrivingNetwork, Given, network_options
from copycar.learning.run import Run, now_utc, state_kept
from copycar.learning.settings import AUGMENTATIONS, DATA_CHOICE, TrainSettings, enough_epochs
from copycar.learning.size import parse_size
from copycar.learning.transfer import best_weights, load_weights

N_PARITY_FRAMES = 16


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training gave.

    Attributes:
        run: its folder.
        epochs: how many were run.
        images_per_s: median training throughput of the epochs after the first; of the first where it is alone.
        offline: errors of the best epoch on the held-out frames, beside their baselines.
        parity_max: largest difference between the network and the policy file on real frames.
    """

    run: Run
    epochs: int
    images_per_s: float
    offline: dict[str, Any]
    parity_max: float

    def as_json(self) -> dict[str, Any]:
        """Return the result as `copycar train --json` prints it."""
        return {
            "run": str(self.run.folder),
            "policy": str(self.run.policy),
            "epochs": self.epochs,
            "images_per_s": self.images_per_s,
            "offline": self.offline,
            "parity_max": self.parity_max,
        }


class Trainer:
    """One training, from tubs to `policy.onnx`.

    Args:
        tubs: tub folders or glob patterns.
        settings: what may be chosen.
        out: folder of the run; default `runs/<date>-<time>-<type>`.
        transfer: a run whose best weights this one starts from.
        command: what the user typed, kept in the run.

    Example:
        `Trainer(["data"], TrainSettings(type="linear")).train().run.policy`
    """

    def __init__(
        self,
        tubs: Sequence[str | Path],
        settings: TrainSettings | None = None,
        *,
        out: str | Path | None = None,
        transfer: str | Path | None = None,
        command: str = "",
    ) -> None:
        self.settings = settings or TrainSettings()
        # a mistyped name fails here, before anything is made
        self._kind = NETWORKS.get(self.settings.type)
        self._options = network_options(self._kind, self.settings.network, self.settings.type)
        self._pipeline = _resizing(self.settings)
        self.tubs = [Path(tub) for tub in tubs]
        self._start_from = best_weights(Path(transfer)) if transfer else None
        self._out = Path(out) if out else None
        self._command = command
        self.run: Run | None = None
        self._described: dict[str, Any] = {}  # of the run that is gone on with

    @classmethod
    def resume(cls, folder: Path) -> "Trainer":
        """Go on with an interrupted run, with the settings and tubs that it was started with.

        Raises:
            CopycarError: the folder holds no run, or a damaged one.
        """
        run = Run.open(folder)
        described = run.describe()
        if missing := {"settings", "tubs", "data", "machine"} - described.keys():
            raise CopycarError(
                f"{folder} cannot be gone on with", f"its run.json has no {', '.join(sorted(missing))}", "start it anew"
            )
        # the precision that "auto" chose may be another one next time
        chosen = {"precision": PRECISION_NAMES[described["machine"]["precision"]]}
        settings = build(TrainSettings, described["settings"] | chosen, str(folder))
        transfer = None if run.checkpoint.exists() else described.get("transfer")
        trainer = cls(described["tubs"], settings, out=folder, transfer=transfer)
        trainer.run, trainer._described = run, described
        return trainer

    def load(self, on_progress: Callable[[int, int], None] | None = None) -> DrivingData:
        """Read the tubs.

        Raises:
            CopycarError: no usable frames.
        """
        reads = self._kind.wants(**self._options)
        return load_driving_data(self.tubs, reads=reads, **self._data_choice, on_progress=on_progress)

    @property
    def _data_choice(self) -> dict[str, Any]:
        return self.settings.model_dump(include=set(DATA_CHOICE))

    def train(
        self,
        data: DrivingData | None = None,
        *,
        on_step: OnStep | None = None,
        on_epoch: Callable[[Epoch], None] | None = None,
    ) -> Trained:
        """Fit, export and judge.

        Args:
            data: what `load` gave; loaded here without it.
            on_step: told after every step.
            on_epoch: told after every epoch.

        Raises:
            CopycarError: see `fit` and `export_onnx`; finished epochs stay in the run's folder.
        """
        keep_freed_memory()
        data = data or self.load()
        settings = self.settings
        self._require_same(data)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        device = choose_device(settings.device)
        precision = choose_precision(device, settings.precision)
        task = self._task(data)
        run = self.run or Run.create(self._out, settings.type)
        self.run = run
        description = self._description(data, task.network, device, precision, task.notes) | self._described
        run.update(**description | {"state": "training"})
        with state_kept(run):
            progress = fit(
                task, run, self._plan(data, task.network), device, precision, on_step=on_step, on_epoch=on_epoch
            )
            with torch.inference_mode(), autocast(device, precision):
                offline = task.offline(task.network.eval(), task.validation_batches(device))
            rows = torch.from_numpy(data.validation[:: max(1, len(data.validation) // N_PARITY_FRAMES)])
            examples = Batches(data, no_warps(data.image_size)).of(rows)
            parity = export_onnx(task.network, run.policy, self._metadata(data, offline, run), examples)
        trained = Trained(run, progress.epoch, steady_images_per_s(progress), offline, parity)
        run.update(state="done", finished=now_utc(), result=trained.as_json())
        return trained

    def n_epochs(self, data: DrivingData) -> int:
        """Return how many epochs it trains at most."""
        return self.settings.epochs or enough_epochs(len(data.train), self.settings.batch_size)

    def _require_same(self, data: DrivingData) -> None:
        """Refuse to go on with other frames: what was held out could now be trained on."""
        if self._described and self._described["data"].get("fingerprint") != data.fingerprint:
            raise CopycarError(
                "the recordings have changed since this run was started",
                "some of its frames were added, deleted or changed",
                f"start a new one, from what this one has learned: --transfer {self._out}",
            )

    def _task(self, data: DrivingData) -> DrivingTask:
        settings = self.settings
        torch.manual_seed(settings.seed)
        network = self._kind(Given(data.image_size, self._pipeline, data.reads), **self._options)
        if self._start_from is not None:
            load_weights(network, self._start_from)
        return DrivingTask(
            data,
            network,
            AUGMENTATIONS[settings.augmentation],
            batch_size=settings.batch_size,
            balance=settings.balance,
            seed=settings.seed,
        )

    def _plan(self, data: DrivingData, network: DrivingNetwork) -> Plan:
        settings = self.settings
        return Plan(
            self.n_epochs(data),
            settings.learning_rate or network.learning_rate,
            settings.weight_decay,
            settings.patience,
            settings.batch_size,
            settings.seed,
        )

    def _description(
        self,
        data: DrivingData,
        network: DrivingNetwork,
        device: torch.device,
        precision: torch.dtype,
        notes: Sequence[str],
    ) -> dict[str, Any]:
        return {
            "command": self._command,
            "started": now_utc(),
            "network": self.settings.type,
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
            "tubs": [str(tub.expanduser().resolve()) for tub in self.tubs],
            "transfer": str(self._start_from.parent.resolve()) if self._start_from else None,
            "settings": self.settings.model_dump(),
            "data": {
                "frames": len(data.labels),
                "train": len(data.train),
                "validation": len(data.validation),
                "split": data.split,
                "fingerprint": data.fingerprint,
                "notes": [*data.notes, *notes],
            },
            "machine": {"device": str(device), "precision": str(precision).removeprefix("torch.")},
            "versions": {"copycar": __version__, "torch": torch.__version__, "git": git_state()},
        }

    def _metadata(self, data: DrivingData, offline: dict[str, Any], run: Run) -> PolicyMetadata:
        return PolicyMetadata(
            network=self.settings.type,
            image_size=data.image_size,
            copycar_version=__version__,
            run=run.folder.name,
            seed=self.settings.seed,
            data_fingerprint=data.fingerprint,
            data_choice=self._data_choice,
            inputs={name: column.as_json() for name, column in data.reads.inputs.items()},
            answers={name: column.as_json() for name, column in data.reads.labels.items()},
            vehicle=data.vehicle.as_json() if data.vehicle else {},
            metrics=offline,
            created=now_utc(),
        )


def _resizing(settings: TrainSettings) -> tuple[Step, ...]:
    if settings.resize is None:
        return ()
    height, width = parse_size(settings.resize)
    return (build(Resize, {"height": height, "width": width}, "the size to scale to"),)


def steady_images_per_s(progress: Progress) -> float:
    """Return the median throughput of the epochs after the first, which also warms up."""
    speeds = [epoch["images_per_s"] for epoch in progress.history]
    return float(torch.tensor(speeds[1:] or speeds).median())


def git_state() -> str:
    """Return the commit of the folder we are in, with "+" where files differ from it; "" outside a repository."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return described.stdout.strip()
