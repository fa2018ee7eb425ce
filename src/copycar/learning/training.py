"""From tubs to a policy file: the one door to training, used by the command line and by Python programs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from copycar import __version__
from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.augment.warps import no_warps
from copycar.learning.batches import Batches
from copycar.learning.dataset import DrivingData, load_driving_data
from copycar.learning.export.onnx import export_onnx
from copycar.learning.fit import OnStep
from copycar.learning.git_state import git_state
from copycar.learning.held_out_pictures import write_held_out
from copycar.learning.listener import Listener
from copycar.learning.parallel import Workers, working_together
from copycar.learning.pausing import resting
from copycar.learning.pipeline import user_steps
from copycar.learning.policies.network import NETWORKS, Given, network_options
from copycar.learning.policies.own import name_of, own_network, require_name
from copycar.learning.progress import Epoch
from copycar.learning.ready import Ready, prepare
from copycar.learning.resume import resumed_settings
from copycar.learning.run import Run, now_utc
from copycar.learning.settings import DATA_CHOICE, TrainSettings
from copycar.learning.stopping import stopped_well
from copycar.learning.trained import Trained, steady_images_per_s
from copycar.learning.training_process import note_process
from copycar.learning.transfer import best_weights

N_PARITY_FRAMES = 16


class Training:
    """One training, from tubs to `policy.onnx`.

    Args:
        tubs: tub folders or glob patterns.
        settings: what may be chosen.
        network: a network of your own in place of `settings.type`: a torch module, a Keras model, or what makes one.
        out: folder of the run; default `runs/<date>-<time>-<type>`.
        transfer: a run whose best weights this one starts from.
        command: what the user typed, kept in the run.

    Example:
        `Training(["data"], TrainSettings(type="linear")).train().run.policy`
    """

    def __init__(
        self,
        tubs: Sequence[str | Path],
        settings: TrainSettings | None = None,
        *,
        network: Any = None,
        out: str | Path | None = None,
        transfer: str | Path | None = None,
        command: str = "",
    ) -> None:
        self.settings = settings or TrainSettings()
        if network is not None:
            self.settings = self.settings.model_copy(update={"type": name_of(network)})
        # a mistyped name fails here, before anything is made
        self._kind = NETWORKS.get(self.settings.type) if network is None else own_network(network)
        self._options = network_options(self._kind, self.settings.network, self.settings.type)
        self._pipeline = user_steps(self.settings)
        self._measured = self.settings.vehicle
        self.tubs = [Path(tub) for tub in tubs]
        self._start_from = best_weights(Path(transfer)) if transfer else None
        self._out = Path(out) if out else None
        self._command = command
        if self.settings.freeze and self._start_from is None and not (self._out and Run(self._out).checkpoint.exists()):
            raise CopycarError(
                "--freeze needs --transfer",
                "weights that have learned nothing would stay so",
                "name a run to start from",
            )
        self.run: Run | None = None
        self._described: dict[str, Any] = {}  # of the run that is gone on with

    @classmethod
    def resume(cls, folder: Path, network: Any = None, **asked: Any) -> "Training":
        """Go on with an interrupted run, with the settings and tubs that it was started with.

        Args:
            folder: of the run.
            network: the network of your own that it was started with, where no name leads to it.
            asked: settings that are to be others from now on: `epochs`, `device`, `threads` or `workers`.

        Raises:
            CopycarError: the folder holds no run, or a damaged one; or another setting was asked for.
        """
        run = Run.open(folder)
        described = run.describe()
        settings = resumed_settings(folder, described, len(run.epochs()), asked)
        transfer = None if run.checkpoint.exists() else described.get("transfer")
        training = cls(described["tubs"], settings, network=network, out=folder, transfer=transfer)
        training.run, training._described = run, described | {"settings": described["settings"] | asked}
        return training

    def load(self, on_progress: OnProgress | None = None) -> DrivingData:
        """Read the tubs.

        Raises:
            CopycarError: no usable frames.
        """
        reads = self._kind.wants(**self._options)
        data = load_driving_data(self.tubs, reads=reads, **self._data_choice, on_progress=on_progress)
        return data if data.vehicle else replace(data, vehicle=self._measured)

    @property
    def _data_choice(self) -> dict[str, Any]:
        return self.settings.model_dump(include=set(DATA_CHOICE))

    def train(
        self,
        data: DrivingData | None = None,
        *,
        on_step: OnStep | None = None,
        on_epoch: Callable[[Epoch], None] | None = None,
        listeners: Sequence[Listener] = (),
    ) -> Trained:
        """Fit, export and judge. Stopped early, it still exports the best weights so far before it raises.

        Args:
            data: what `load` gave; loaded here without it.
            on_step: told after every step.
            on_epoch: told after every epoch.
            listeners: told how it goes.

        Raises:
            CopycarError: see `fit` and `export_onnx`; finished epochs stay in the run's folder.
        """
        from copycar.learning.assistant import assist  # noqa: PLC0415 - it trains by this class

        if self.settings.workers > 1:
            require_name(self.settings.type)
        ready = self._prepare(data or self.load())
        run = self.run or Run.create(self._out, self.settings.type)
        self.run = run
        description = self._description(ready) | self._described
        note_process(run.folder)
        run.update(**description | {"state": "training", "n_epochs": ready.plan.epochs})
        run.write_settings(self.settings.model_dump(), self._command)

        def tell_epoch(epoch: Epoch) -> None:
            write_held_out(run.folder, epoch.number, ready.data, ready.task.said)
            for told in (*(listener.on_epoch for listener in listeners), *([on_epoch] if on_epoch else ())):
                told(epoch)

        def export() -> tuple[dict[str, Any], float]:
            return self._export(ready, run)

        with stopped_well(run, ready.task.network, export, listeners):
            for listener in listeners:
                listener.on_start(run, description)
            with working_together(self.settings.workers, run.folder, assist) as workers:
                progress = ready.fit(run, workers, on_step=resting(run.folder, on_step), on_epoch=tell_epoch)
            offline, parity = export()
        trained = Trained(run, progress.epoch, steady_images_per_s(progress), offline, parity)
        run.update(state="done", finished=now_utc(), result=trained.as_json())
        for listener in listeners:
            listener.on_end(trained.as_json())
        return trained

    def assist(self, own: Run, workers: Workers) -> None:
        """Compute this process's share of a training that another process leads.

        Args:
            own: where this process keeps what nobody needs; with a copy of the leader's checkpoint.
            workers: this process among them.
        """
        self._prepare(self.load()).fit(own, workers)

    def n_epochs(self, data: DrivingData) -> int:
        """Return how many epochs it trains at most."""
        return self.settings.epochs_on(len(data.train))

    def _require_same(self, data: DrivingData) -> None:
        """Refuse to go on with other frames: what was held out could now be trained on."""
        if self._described and self._described["data"].get("fingerprint") != data.fingerprint:
            raise CopycarError(
                "the recordings have changed since this run was started",
                "some of its frames were added, deleted or changed",
                f"start a new one, from what this one has learned: --transfer {self._out}",
            )

    def _prepare(self, data: DrivingData) -> Ready:
        self._require_same(data)
        given = Given(data.image_size, self._pipeline, data.reads)
        return prepare(self.settings, data, lambda: self._kind(given, **self._options), self._start_from)

    def _export(self, ready: Ready, run: Run) -> tuple[dict[str, Any], float]:
        """Write the policy file; return its offline figures and how far it is from the network."""
        data, task = ready.data, ready.task
        with torch.inference_mode():  # in float32, as the policy file computes, whatever it was trained in
            offline = task.offline(task.network.eval(), task.validation_batches(ready.device))
        rows = torch.from_numpy(data.validation[:: max(1, len(data.validation) // N_PARITY_FRAMES)])
        examples = Batches(data, no_warps(data.image_size)).of(rows)
        return offline, export_onnx(task.network, run.policy, self._metadata(ready, offline, run), examples)

    def _description(self, ready: Ready) -> dict[str, Any]:
        data, parameters = ready.data, ready.task.network.parameters()
        return {
            "command": self._command,
            "started": now_utc(),
            "network": self.settings.type,
            "parameters": sum(parameter.numel() for parameter in parameters),
            "tubs": [str(tub.expanduser().resolve()) for tub in self.tubs],
            "transfer": str(self._start_from.parent.resolve()) if self._start_from else None,
            "settings": self.settings.model_dump(),
            "data": {
                "frames": len(data.labels),
                "train": len(data.train),
                "validation": len(data.validation),
                "split": data.split,
                "fingerprint": data.fingerprint,
                "notes": [*data.notes, *ready.task.notes],
            },
            "machine": {"device": str(ready.device), "precision": str(ready.precision).removeprefix("torch.")},
            "versions": {"copycar": __version__, "torch": torch.__version__, "git": git_state()},
            "reads": data.reads.scaling,
            "remarks": ready.task.notes,
            **ready.layers,
        }

    def _metadata(self, ready: Ready, offline: dict[str, Any], run: Run) -> PolicyMetadata:
        data, reads = ready.data, ready.task.network.reads
        return PolicyMetadata(
            network=self.settings.type,
            image_size=data.image_size,
            copycar_version=__version__,
            run=run.folder.name,
            seed=self.settings.seed,
            data_fingerprint=data.fingerprint,
            data_choice=self._data_choice,
            inputs={name: column.as_json() for name, column in reads.inputs.items()},
            answers={name: column.as_json() for name, column in reads.labels.items()},
            vehicle=data.vehicle.as_json() if data.vehicle else {},
            metrics=offline,
            created=now_utc(),
        )
