"""`copycar ground train` and `validate`: from calibrated pictures to a detector, and how good it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from copycar.cli.free_cores import threads_on_free_cores
from copycar.cli.numbers import Positive
from copycar.cli.output import counting, log, print_json, progress, quoted, show, tell, typed
from copycar.core.errors import CopycarError
from copycar.ground.settings import GroundSettings

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.ground.detector import Detector
    from copycar.ground.scene import Scene
    from copycar.ground.train import GroundTrainer, TrainedDetector
    from copycar.learning.progress import Epoch

USUAL = GroundSettings()


def train(
    project: Path | None = None,
    *,
    settings: Annotated[GroundSettings, Parameter(name="*")] = USUAL,
    config: Path | None = None,
    out: Path | None = None,
    resume: bool = False,
    json: bool = False,
) -> None:
    """Train a detector from calibrated, labelled pictures.

    The best epoch and the confidence that a detection needs are chosen on the validation frames.

    Args:
        project: a project, WILDTRACK or MultiviewX.
        settings: how to train.
        config: settings from this TOML file, under the flags; `copycar ground check` writes one.
        out: folder of the run; default: 2-training/weights/model of the project.
        resume: go on with the interrupted run in --out, or in the project's default folder.
        json: print the result as one JSON object.
    """
    del config  # read by `copycar.cli.settings_file`
    trained = train_with_progress(_trainer(project, settings, out, resume))
    if json:
        print_json(trained.as_json())
        return
    show_score(trained.score.as_json())
    tell(show, f"detector: {trained.detector}  (confidence {trained.threshold:.2f} or more)")
    tell(show, "These figures are of the frames that chose it. On unseen ones: copycar ground validate OTHER_PROJECT")


def validate(
    project: Path,
    *,
    detector: Path | None = None,
    split: str = "val",
    distance_m: Positive | None = None,
    out: Path | None = None,
    json: bool = False,
) -> None:
    """Judge a detector on labelled frames: MODA, MODP, precision, recall, error in metres.

    Args:
        project: the frames; they may be of other cameras than the detector learned from.
        detector: its file, or its run's folder; default: the project's own.
        split: which frames: val or train.
        distance_m: a detection this near has found a thing; default: as when it was trained.
        out: keep all detections and heat maps here; default: 2-training/model_evaluation.hdf5 of the project.
        json: print one JSON object.
    """
    from copycar.ground.validate import evaluation_path  # noqa: PLC0415 - torch
    from copycar.ground.validate import validate as judge  # noqa: PLC0415

    if split not in {"train", "val"}:
        raise CopycarError(f"no frames are called {split!r}", fix="--split val or --split train")
    scene, found = opened(project, detector)
    path = out or evaluation_path(scene)
    with counting("looking") as on_progress:
        result = judge(scene, found, path, split=split, distance_m=distance_m, on_progress=on_progress)
    if json:
        print_json(result.as_json())
        return
    show_score(result.score.as_json())
    shares = (f"{name} {of['n_matched']} of {of['n_truths']}" for name, of in result.cameras.items())
    tell(show, f"found of what each camera sees: {', '.join(shares)}")
    tell(show, f"detections and heat maps: {result.file}")
    tell(show, f"next:   copycar ground visualize {quoted(project)}")


def opened(project: Path, detector: Path | None) -> "tuple[Scene, Detector]":
    """Return the scene and its detector, or the named one."""
    import torch  # noqa: PLC0415

    from copycar.ground.detector import Detector  # noqa: PLC0415
    from copycar.ground.open_scene import open_scene  # noqa: PLC0415
    from copycar.ground.train import detector_of  # noqa: PLC0415

    if threads := threads_on_free_cores(None, "auto"):  # two that wait for one core are slower than one
        torch.set_num_threads(threads)
    scene = open_scene(project)
    return scene, Detector.load(detector_of(scene, detector))


def train_with_progress(trainer: "GroundTrainer") -> "TrainedDetector":
    """Train with progress bars, a line per epoch, and the way on after Ctrl-C."""
    with counting("reading", "moments") as on_progress:
        data = trainer.load(on_progress)
    rig, to_learn, held_out = data
    n_epochs = trainer.n_epochs(len(to_learn))
    tell(log, f"{len(to_learn)} moments of {len(rig.cameras)} cameras to learn from, {len(held_out)} to judge on")
    tell(log, f"ground: {rig.shape[1]} x {rig.shape[0]} cells of {100 * rig.grid.cell_m:.1f} cm")
    try:
        with progress("moments") as bars:
            bar = bars.add_task("training", total=None)

            def on_step(epoch: int, done: int, total: int) -> None:
                bars.update(bar, description=f"epoch {epoch}/{n_epochs}", completed=done, total=total)

            return trainer.train(data, on_step=on_step, on_epoch=_report)
    except KeyboardInterrupt:
        if trainer.run:
            way_on = f"copycar ground train --resume --out {quoted(trainer.run.folder)}"
            tell(log, f"Interrupted. Finished epochs are safe; go on with: {way_on}")
        raise


def show_score(score: dict[str, Any], console: Console = show) -> None:
    """Print the figures of a detector."""
    table = Table("", f"within {100 * score['distance_m']:.0f} cm")
    shares = {"MODA": "moda", "MODP": "modp", "precision": "precision", "recall": "recall"}
    for words, name in shares.items():
        table.add_row(words, "-" if score[name] is None else f"{100 * score[name]:.1f} %")
    for words, name in {"mean error": "mean_error_m", "95 % are within": "p95_error_m"}.items():
        table.add_row(words, "-" if score[name] is None else f"{100 * score[name]:.1f} cm")
    counts = ", ".join(f"{score[f'n_{name}']} {name}" for name in ("matched", "missed", "false"))
    table.add_row("counts", f"{score['n_truths']} truths in {score['n_moments']} frames: {counts}")
    console.print(table)


def _trainer(project: Path | None, settings: GroundSettings, out: Path | None, resume: bool) -> "GroundTrainer":
    from copycar.ground.open_scene import open_scene  # noqa: PLC0415
    from copycar.ground.train import GroundTrainer, run_folder  # noqa: PLC0415 - torch

    if resume:
        if out is None and project is None:
            raise CopycarError("--resume needs the run to go on with", fix="copycar ground train PROJECT --resume")
        return GroundTrainer.resume(out or run_folder(open_scene(project or Path())))
    if project is None:
        raise CopycarError("no project was named", fix="copycar ground train PROJECT")
    threads = threads_on_free_cores(settings.threads, settings.device)
    settings = settings.model_copy(update={"threads": threads})
    return GroundTrainer(project, settings, out=out, command=typed())


def _report(epoch: "Epoch") -> None:
    figures = epoch.figures
    mark = "best" if epoch.is_best else ""
    tell(
        log,
        f"epoch {epoch.number:3d}  loss {epoch.loss:6.3f}  MODA {100 * figures['moda']:5.1f} %  "
        f"error {100 * figures['mean_error_m']:4.1f} cm  {epoch.images_per_s:5.1f} moments/s  {mark}",
    )
