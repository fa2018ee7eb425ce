"""`copycar train`: from recordings to a policy file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.table import Table

from copycar.cli.augmentation_picture import write_augmentation_picture
from copycar.cli.explain import disk_refusal
from copycar.cli.free_cores import threads_on_free_cores
from copycar.cli.numbers import Count
from copycar.cli.output import counting, log, print_json, progress, quoted, show, tell, typed
from copycar.cli.pipeline_picture import USUAL_FILE, write_pipeline_picture
from copycar.cli.train_follow import train_follow
from copycar.cli.train_seeds import show_seeds, train_seeds
from copycar.core.errors import CopycarError
from copycar.learning.run import Run
from copycar.learning.settings import TrainSettings
from copycar.learning.torchrun import torchrun_place

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.dataset import DrivingData
    from copycar.learning.trained import Trained
    from copycar.learning.training import Training

USUAL = TrainSettings()


def train(
    *tubs: str,
    settings: Annotated[TrainSettings, Parameter(name="*")] = USUAL,
    out: Path | None = None,
    resume: bool = False,
    transfer: Path | None = None,
    show_augmentation: Path | None = None,
    show_pipeline: Annotated[tuple[Path, ...] | None, Parameter(consume_multiple=(0, 1))] = None,
    config: Path | None = None,
    seeds: Count = 1,
    follow: bool = False,
    log_to: Annotated[tuple[str, ...], Parameter(name="--log")] = (),
    json: bool = False,
) -> None:
    """Train a policy from tubs.

    Args:
        tubs: folders of recordings (donkeycar tub v2), or glob patterns.
        settings: how to train.
        out: folder of the run; default: runs/DATE-TIME-TYPE.
        resume: go on with the interrupted run in --out, with its tubs and settings; --epochs may be another number.
        transfer: start from the weights of this run or policy; layers that do not fit begin anew.
        config: TOML file of settings under the flags, such as the run.toml of another run.
        seeds: train so many times, with this seed and those after it, into subfolders of --out.
        follow: keep training while the tubs grow, until Ctrl-C; --out/policy.onnx is always the latest policy.
        log_to: tell the training to an experiment log too: tensorboard, mlflow or wandb.
        show_augmentation: write a picture (*.png) of frames as they would be varied, and train nothing.
        show_pipeline: write a picture (pipeline.png, or the PNG named here) of what the network sees; train nothing.
        json: print the result as one JSON object.
    """
    del config  # read by `copycar.cli.settings_file`
    if _is_helper():
        return
    if sum([resume, seeds > 1, follow]) > 1:
        fix = "repeat the command without --resume"
        raise CopycarError("--resume, --seeds and --follow exclude each other", fix=fix)

    def make(own: TrainSettings, folder: Path | None, source: Path | None = None) -> "Training":
        return _training(tubs, own, folder, resume, source or transfer)

    def run(training: "Training") -> "Trained":
        return train_with_progress(training, log_to)

    if show_augmentation:
        write_augmentation_picture(make(settings, out), show_augmentation)
    elif show_pipeline is not None:
        write_pipeline_picture(make(settings, out), *show_pipeline or (USUAL_FILE,))
    elif follow:
        train_follow(make, run, tubs, settings, out)
    elif seeds > 1:
        found = train_seeds(make, run, settings, seeds, out)
        print_json(found) if json else show_seeds(found)
    else:
        trained = run(make(settings, out))
        print_json(trained.as_json()) if json else _show(trained)


def _is_helper() -> bool:
    """Where torchrun has started this process and it is not the first, help the first one with its training."""
    place = torchrun_place()
    if place is None or place[0] == 0:
        return False
    from copycar.learning.assistant import assist  # noqa: PLC0415 - torch
    from copycar.learning.parallel import BY_ENVIRONMENT  # noqa: PLC0415 - torch

    assist(*place, BY_ENVIRONMENT)
    return True


def _training(
    tubs: tuple[str, ...], settings: TrainSettings, out: Path | None, resume: bool, transfer: Path | None
) -> "Training":
    from copycar.learning.training import Training  # noqa: PLC0415 - torch

    if resume:
        if out is None:
            raise CopycarError("--resume needs the run to go on with", fix="copycar train --resume --out runs/NAME")
        return Training.resume(out, **settings.named)
    if not tubs:
        raise CopycarError("no tub was named", fix="copycar train TUB, for example: copycar train data")
    return Training(tubs, on_free_cores(settings), out=out, transfer=transfer, command=typed())


def on_free_cores(settings: TrainSettings) -> TrainSettings:
    """Return the settings with as many threads as cores are free, where nothing else was asked for."""
    return settings.model_copy(update={"threads": threads_on_free_cores(settings.threads, settings.device)})


def train_with_progress(training: "Training", log_to: Sequence[str] = ()) -> "Trained":
    """Train with progress bars, a line per epoch, and the way on after Ctrl-C; write the run's page.

    Args:
        training: what is trained.
        log_to: experiment logs that are told too.

    Raises:
        CopycarError: as `Training.train`; or an experiment log is unknown or not installed.
    """
    from copycar.cli.training_lines import TrainingLines  # noqa: PLC0415 - torch
    from copycar.evaluation.training_report import write_training_report  # noqa: PLC0415 - torch
    from copycar.learning.logs import LOGS  # noqa: PLC0415 - torch
    from copycar.learning.logs.forgiving import Forgiving  # noqa: PLC0415 - torch

    def warn(text: str) -> None:
        tell(log, text, "yellow")

    logs = [Forgiving(name, LOGS.get(name)(), warn) for name in log_to]  # before anything is read: is it installed?
    with counting("reading") as on_progress:
        data = training.load(on_progress)
    _announce(training.settings, data)
    try:
        with progress("frames") as bars:
            lines = TrainingLines(bars, training.n_epochs(data))
            trained = training.train(data, on_step=lines.on_step, listeners=[lines, *logs])
        write_training_report(trained.run, data)
    except KeyboardInterrupt:
        if training.run:
            tell(log, f"Interrupted. {_so_far(training.run)}; go on with: {_way_on(training.run)}")
        raise
    except CopycarError:
        if training.run and training.run.best.exists():
            tell(log, f"It failed. {_so_far(training.run)}")
        raise
    except OSError as error:
        if not training.run:
            raise
        fix = f"make room for it, then go on with: {_way_on(training.run)}"
        raise CopycarError("the training could not be saved", disk_refusal(error), fix) from error
    return trained


def _so_far(run: Run) -> str:
    """Return what an unfinished training leaves, in words."""
    if not run.policy.exists():
        return "No epoch was finished yet"
    n_epochs = len(run.epochs())
    return f"{n_epochs} finished epochs are safe, and the best policy so far is {run.policy}"


def _way_on(run: Run) -> str:
    return f"copycar train --resume --out {quoted(run.folder)}"


def _announce(settings: TrainSettings, data: "DrivingData") -> None:
    for note in data.notes[:5]:
        tell(log, f"note: {note}", "yellow")
    if len(data.notes) > 5:
        tell(log, f"note: … and {len(data.notes) - 5} more", "yellow")
    height, width = data.image_size
    n_train, n_held_out = len(data.train), len(data.validation)
    tell(log, f"{len(data.labels)} frames of {width}x{height}: {n_train} to learn from, {n_held_out} held out")
    tell(log, f"({data.split})")
    tell(log, f"network: {settings.type}")
    if data.vehicle is None and settings.augmentation != "off":
        tell(log, "The tub does not say how its camera is mounted, so frames are not shifted and turned:")
        tell(log, "measure it and give --camera.… and --car.…, see docs/augmentation.md")


def _show(trained: "Trained") -> None:
    table = Table("held-out frames", "policy", "guess the mean", "repeat the last", title=None)
    for axis in ("steering", "throttle"):
        figures: dict[str, Any] = trained.offline[axis]
        cells = (figures["mae"], figures["baseline_mean_mae"], figures["baseline_last_mae"])
        table.add_row(f"{axis}: mean absolute error", *("-" if cell is None else f"{cell:.4f}" for cell in cells))
    show.print(table)
    throttle, steering = trained.offline["throttle"], trained.offline["steering"]
    if throttle["mae"] >= throttle["baseline_mean_mae"]:
        tell(show, "Its throttle is no better than a constant one: drive with a fixed throttle, or record more.")
    if steering["mae"] >= steering["baseline_mean_mae"]:
        tell(show, "It steers no better than always guessing the mean. Record more, or look at the data first.", "red")
    tell(show, f"policy: {trained.run.policy}  (differs from training by at most {trained.parity_max:.1e})")
    tell(show, f"report: {trained.run.folder / 'report.html'}")
    tell(show, f"next:   copycar evaluate {quoted(trained.run.policy)} --on oval")
