"""From a scene to a detector: the one door to its training. Knows the engine; knows nothing of the command line.

A run's folder is the engine's (`run.json`, `metrics.jsonl`, `checkpoint.pt`, `best.pt`), with `detector.pt` at the end;
in a project it is `2-training/weights/model`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from copycar import __version__
from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.core.progress import OnProgress
from copycar.ground.data import Rig, Sightings, read_sightings
from copycar.ground.detector import Detector, DetectorSettings, require_cameras, usual_cell_m
from copycar.ground.fingerprint import fingerprint
from copycar.ground.frames import size_within
from copycar.ground.grid import Grid
from copycar.ground.layouts.project import TRAINING
from copycar.ground.metrics import DetectionScore
from copycar.ground.network import GroundNetwork
from copycar.ground.open_scene import open_scene
from copycar.ground.scene import Scene, Thing
from copycar.ground.settings import GroundSettings, enough_epochs
from copycar.ground.task import DetectionTask, Lessons
from copycar.learning.device import PRECISION_NAMES, autocast, choose_device, choose_precision, keep_freed_memory
from copycar.learning.fit import OnStep, fit
from copycar.learning.git_state import git_state
from copycar.learning.progress import Epoch, Plan
from copycar.learning.run import Run, now_utc
from copycar.learning.stopping import stopped_well
from copycar.learning.trained import steady_images_per_s

DETECTOR = "detector.pt"
BEST_CHECKPOINT = "best_checkpoint.pth.tar"
"""The same file once more in `2-training/weights`, where MARMOT's documentation has it."""

LONGEST_GRADIENT = 5.0
"""Of a step: a scene with many things beside unsure ones gives long ones now and then."""


@dataclass(frozen=True, slots=True)
class TrainedDetector:
    """What a training gave.

    Attributes:
        run: its folder.
        detector: its file.
        epochs: how many were run.
        moments_per_s: training throughput.
        threshold: the confidence that gives the best MODA on the validation frames.
        score: there.
    """

    run: Run
    detector: Path
    epochs: int
    moments_per_s: float
    threshold: float
    score: DetectionScore

    def as_json(self) -> dict[str, Any]:
        """Return the result as `copycar ground train --json` prints it."""
        return {
            "run": str(self.run.folder),
            "detector": str(self.detector),
            "epochs": self.epochs,
            "moments_per_s": self.moments_per_s,
            "threshold": self.threshold,
            **self.score.as_json(),
        }


class GroundTrainer:
    """One training, from a scene to `detector.pt`.

    Args:
        project: folder of the scene.
        settings: what may be chosen.
        out: folder of the run; default: `2-training/weights/model` of the project.
        command: what the user typed, kept in the run.
    """

    def __init__(
        self, project: Path, settings: GroundSettings | None = None, *, out: Path | None = None, command: str = ""
    ) -> None:
        self.project, self.settings = project, settings or GroundSettings()
        self.scene = open_scene(project)
        self._out = out or run_folder(self.scene)
        self._command = command
        self.run: Run | None = None
        require_cameras(self.scene.cameras)

    @classmethod
    def resume(cls, folder: Path) -> "GroundTrainer":
        """Go on with an interrupted run, with its project and settings.

        Raises:
            CopycarError: the folder holds no run, or one of something else.
        """
        run = Run.open(folder)
        described = run.describe()
        if described.get("task") != "ground" or {"settings", "project", "machine"} - described.keys():
            raise CopycarError(
                f"{folder} holds no training of a detector", fix="start one: copycar ground train PROJECT"
            )
        chosen = {"precision": PRECISION_NAMES[described["machine"]["precision"]]}
        settings = build(GroundSettings, described["settings"] | chosen, str(folder))
        trainer = cls(Path(described["project"]), settings, out=folder, command=described["command"])
        trainer.run = run
        return trainer

    def load(self, on_progress: OnProgress | None = None) -> tuple[Rig, Sightings, Sightings]:
        """Return the cameras over their grid, and the moments to learn from and to judge on, in memory.

        Raises:
            CopycarError: no usable moments, or a picture is damaged.
        """
        scene, settings = self.scene, self.settings
        size = size_within(scene.cameras, settings.width_px)
        cell_m = settings.cell_m or usual_cell_m(self._thing)
        rig = Rig.of(scene.cameras, size, Grid.covering(scene.area, cell_m))
        train, val = scene.labelled("train"), scene.labelled("val")
        total = len(train) + len(val)

        def counted(done: int, _: int) -> None:
            if on_progress:
                on_progress(done, total)

        first = read_sightings(scene.cameras, rig, train, counted)
        return rig, first, read_sightings(scene.cameras, rig, val, lambda done, _: counted(len(train) + done, 0))

    def train(
        self,
        data: tuple[Rig, Sightings, Sightings] | None = None,
        *,
        on_step: OnStep | None = None,
        on_epoch: Callable[[Epoch], None] | None = None,
    ) -> TrainedDetector:
        """Fit, choose the threshold on the validation frames, write `detector.pt`; also when it is stopped early.

        Args:
            data: what `load` gave; loaded here without it.
            on_step: told after every step.
            on_epoch: told after every epoch.

        Raises:
            CopycarError: see `fit`; finished epochs stay in the run's folder.
        """
        keep_freed_memory()
        self._fingerprint = fingerprint(self.scene)
        self._require_same_data()
        rig, train, val = data or self.load()
        settings = self.settings
        if settings.threads:
            torch.set_num_threads(settings.threads)
        device = choose_device(settings.device)
        precision = choose_precision(device, settings.precision)
        task = self._task(rig, train, val)
        run = self.run or Run.create(self._out, "ground")
        self.run = run
        run.update(**self._description(rig, train, val, device, precision), state="training")

        def export() -> tuple[float, DetectionScore]:
            task.network.to(device).eval()
            with torch.inference_mode(), autocast(device, precision):
                threshold, score = task.score(task.network, task.batches(range(len(val)), device))
            self._save(task.network, rig, threshold, score, run)
            return threshold, score

        with stopped_well(run, task.network, export, ()):
            progress = fit(task, run, self._plan(train), device, precision, on_step=on_step, on_epoch=on_epoch)
            threshold, score = export()
        path = run.folder / DETECTOR
        self._publish(run)
        trained = TrainedDetector(run, path, progress.epoch, steady_images_per_s(progress), threshold, score)
        run.update(state="done", finished=now_utc(), result=trained.as_json())
        return trained

    def n_epochs(self, n_train: int) -> int:
        """Return how many epochs it trains."""
        return self.settings.epochs or enough_epochs(n_train, self.settings.batch_size)

    def _publish(self, run: Run) -> None:
        """Put the detector where MARMOT has its best checkpoint, if the run lies where a project's own does."""
        if run.folder.resolve() == run_folder(self.scene).resolve():
            write_atomic(run.folder.parent / BEST_CHECKPOINT, (run.folder / DETECTOR).read_bytes())

    def _require_same_data(self) -> None:
        """Refuse to go on with other pictures, labels or calibrations than those that the run began with."""
        began = self.run.describe().get("data", {}).get("fingerprint") if self.run else None
        if began not in (None, self._fingerprint):
            raise CopycarError(
                f"{self.project} is not as it was when this training began",
                "a picture, a label or a calibration was changed since",
                "bring it back, or start anew: copycar ground train PROJECT",
            )

    @property
    def _thing(self) -> Thing:
        """What is looked for, with the matching distance that was chosen."""
        return replace(self.scene.thing, match_m=self.settings.match_m or self.scene.thing.match_m)

    def _task(self, rig: Rig, train: Sightings, val: Sightings) -> DetectionTask:
        settings = self.settings
        torch.manual_seed(settings.seed)
        is_varied = settings.augmentation != "off"
        lessons = Lessons(self._thing.match_m, settings.batch_size, is_varied, settings.seed)
        return DetectionTask(GroundNetwork(settings.backbone), rig, train, val, lessons)

    def _plan(self, train: Sightings) -> Plan:
        settings = self.settings
        n_epochs = self.n_epochs(len(train))
        return Plan(
            n_epochs,
            settings.learning_rate,
            settings.weight_decay,
            None,
            settings.batch_size,
            settings.seed,
            clip=LONGEST_GRADIENT,
        )

    def _save(self, network: GroundNetwork, rig: Rig, threshold: float, score: DetectionScore, run: Run) -> None:
        thing = self._thing
        used = DetectorSettings(rig.size[1], rig.grid.cell_m, threshold, thing.match_m, thing.width_m, thing.height_m)
        Detector(network.cpu(), used, score.as_json()).save(run.folder / DETECTOR)

    def _description(
        self, rig: Rig, train: Sightings, val: Sightings, device: torch.device, precision: torch.dtype
    ) -> dict[str, Any]:
        return {
            "task": "ground",
            "command": self._command,
            "started": now_utc(),
            "network": "ground",
            "project": str(self.project.expanduser().resolve()),
            "settings": self.settings.model_dump(),
            "data": {
                "train": len(train),
                "validation": len(val),
                "cameras": [c.name for c in rig.cameras],
                "fingerprint": self._fingerprint,
            },
            "grid": {"cell_m": rig.grid.cell_m, "rows": rig.shape[0], "columns": rig.shape[1]},
            "machine": {"device": str(device), "precision": str(precision).removeprefix("torch.")},
            "versions": {"copycar": __version__, "torch": torch.__version__, "git": git_state()},
        }


def run_folder(scene: Scene) -> Path:
    """Return where a training of this scene lies: `2-training/weights/model`."""
    return scene.folder / TRAINING / "weights" / "model"  # MARMOT's default, too


def detector_of(scene: Scene, named: Path | None = None) -> Path:
    """Return the detector's file: the named one, or that of a named run, or the scene's own.

    Raises:
        CopycarError: there is none.
    """
    path = named or run_folder(scene)
    path = path / DETECTOR if path.is_dir() or path.suffix != ".pt" else path
    if not path.is_file():
        raise CopycarError(f"there is no detector {path}", fix=f"train one: copycar ground train {scene.folder}")
    return path
