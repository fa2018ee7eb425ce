"""`copycar train`: from recordings to a policy file."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.table import Table

from copycar.cli.explain import disk_refusal
from copycar.cli.free_cores import free_cores
from copycar.cli.output import log, print_json, progress, show, tell
from copycar.core.errors import CopycarError
from copycar.learning.run import Run
from copycar.learning.settings import TrainSettings
from copycar.tubs.parallel import usable_cores

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.dataset import DrivingData
    from copycar.learning.fit import Epoch
    from copycar.learning.trainer import Trained, Trainer

USUAL = TrainSettings()


def train(
    *tubs: str,
    settings: Annotated[TrainSettings, Parameter(name="*")] = USUAL,
    out: Path | None = None,
    resume: bool = False,
    transfer: Path | None = None,
    json: bool = False,
) -> None:
    """Train a policy from tubs.

    Args:
        tubs: folders of recordings (donkeycar tub v2), or glob patterns.
        settings: how to train.
        out: folder of the run; default: runs/DATE-TIME-TYPE.
        resume: go on with the interrupted run in --out; tubs and settings are taken from it.
        transfer: start from the weights of this run or policy.
        json: print the result as one JSON object.
    """
    trainer = _trainer(tubs, settings, out, resume, transfer)
    trained = train_with_progress(trainer)
    if json:
        print_json(trained.as_json())
    else:
        _show(trained)


def _trainer(
    tubs: tuple[str, ...], settings: TrainSettings, out: Path | None, resume: bool, transfer: Path | None
) -> "Trainer":
    from copycar.learning.trainer import Trainer  # noqa: PLC0415 - torch

    if resume:
        if out is None:
            raise CopycarError("--resume needs the run to go on with", fix="copycar train --resume --out runs/NAME")
        return Trainer.resume(out)
    if not tubs:
        raise CopycarError("no tub was named", fix="copycar train TUB, for example: copycar train data")
    return Trainer(
        tubs, on_free_cores(settings), out=out, transfer=transfer, command=shlex.join(["copycar", *sys.argv[1:]])
    )


def on_free_cores(settings: TrainSettings) -> TrainSettings:
    """Return the settings with as many threads as cores are free, where nothing else was asked for."""
    return settings.model_copy(update={"threads": threads_on_free_cores(settings.threads, settings.device)})


def threads_on_free_cores(threads: int | None, device: str) -> int | None:
    """Return how many threads to take: as asked for, else as many as cores are free; None: all."""
    if threads or device not in {"auto", "cpu"}:
        return threads
    free = free_cores()
    if free == usable_cores():
        return threads
    tell(log, f"Other programs keep the processor busy: training on {free} of {usable_cores()} cores (--threads)")
    return free


def train_with_progress(trainer: "Trainer") -> "Trained":
    """Train with progress bars, a line per epoch, and the way on after Ctrl-C."""
    with progress("frames") as bars:
        reading = bars.add_task("reading", total=None)
        data = trainer.load(lambda done, total: bars.update(reading, completed=done, total=total))
    _announce(trainer.settings, data)
    n_epochs = trainer.n_epochs(data)
    try:
        with progress("frames") as bars:
            epoch_bar = bars.add_task("training", total=None)

            def on_step(epoch: int, done: int, total: int) -> None:
                bars.update(epoch_bar, description=f"epoch {epoch}/{n_epochs}", completed=done, total=total)

            return trainer.train(data, on_step=on_step, on_epoch=_report)
    except KeyboardInterrupt:
        if trainer.run:
            tell(log, f"Interrupted. Finished epochs are safe; go on with: {_way_on(trainer.run)}")
        raise
    except OSError as error:
        if not trainer.run:
            raise
        fix = f"make room for it, then go on with: {_way_on(trainer.run)}"
        raise CopycarError("the training could not be saved", disk_refusal(error), fix) from error


def _way_on(run: Run) -> str:
    return f"copycar train --resume --out {shlex.quote(str(run.folder))}"


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
        tell(log, "The tub does not say how its camera is mounted, so frames are not shifted and turned.")


def _report(epoch: "Epoch") -> None:
    figures = epoch.figures
    mark = "best" if epoch.is_best else ""
    tell(
        log,
        f"epoch {epoch.number:3d}  loss {epoch.loss:7.4f}  steering error {figures['steering_mae']:.4f} "
        f"(mean guess {figures['steering_baseline_mean_mae']:.4f})  {epoch.images_per_s:6.0f} frames/s  {mark}",
    )


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
    tell(show, f"next:   copycar evaluate {shlex.quote(str(trained.run.policy))} --on oval")
