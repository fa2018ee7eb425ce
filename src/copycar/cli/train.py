"""`copycar train`: from recordings to a policy file."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.table import Table

from copycar.cli.output import log, print_json, progress, show
from copycar.core.errors import CopycarError
from copycar.learning.dataset import DrivingData
from copycar.learning.fit import Epoch
from copycar.learning.settings import TrainSettings
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
    """Train a policy from tubs. Example: copycar train data/monday data/tuesday --type linear --epochs 20.

    Args:
        tubs: folders of recordings (donkeycar tub v2), or glob patterns.
        settings: how to train.
        out: folder of the run; default: runs/<date>-<time>-<type>.
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
) -> Trainer:
    if resume:
        if out is None:
            raise CopycarError("--resume needs the run to go on with", fix="copycar train --resume --out runs/NAME")
        return Trainer.resume(out)
    if not tubs:
        raise CopycarError("no tub was named", fix="copycar train TUB, for example: copycar train data")
    return Trainer(tubs, settings, out=out, transfer=transfer, command=shlex.join(["copycar", *sys.argv[1:]]))


def train_with_progress(trainer: Trainer) -> Trained:
    """Train with progress bars, a line per epoch, and the way on after Ctrl-C."""
    with progress("frames") as bars:
        reading = bars.add_task("reading", total=None)
        data = trainer.load(lambda done, total: bars.update(reading, completed=done, total=total))
    _announce(trainer.settings, data)
    try:
        with progress("frames") as bars:
            epoch_bar = bars.add_task("training", total=None)

            def on_step(epoch: int, done: int, total: int) -> None:
                bars.update(
                    epoch_bar, description=f"epoch {epoch}/{trainer.settings.epochs}", completed=done, total=total
                )

            return trainer.train(data, on_step=on_step, on_epoch=_report)
    except KeyboardInterrupt:
        folder = trainer.run.folder if trainer.run else None
        if folder:
            log.print(f"Interrupted. Finished epochs are safe; go on with: copycar train --resume --out {folder}")
        raise


def _announce(settings: TrainSettings, data: DrivingData) -> None:
    for note in data.notes[:5]:
        log.print(f"[yellow]note:[/] {note}")
    if len(data.notes) > 5:
        log.print(f"[yellow]note:[/] … and {len(data.notes) - 5} more")
    height, width = data.image_size
    log.print(
        f"{len(data.labels)} frames of {width}x{height}: {len(data.train)} to learn from, {len(data.validation)} held "
        f"out ({data.split}). Network: {settings.type}."
    )
    if data.vehicle is None and settings.augmentation != "off":
        log.print("The tub does not say how its camera is mounted, so frames are not shifted and turned.")


def _report(epoch: Epoch) -> None:
    figures = epoch.figures
    mark = "[green]best[/]" if epoch.is_best else ""
    log.print(
        f"epoch {epoch.number:3d}  loss {epoch.loss:7.4f}  steering error {figures['steering_mae']:.4f} "
        f"(mean guess {figures['steering_baseline_mean_mae']:.4f})  {epoch.images_per_s:6.0f} frames/s {mark}"
    )


def _show(trained: Trained) -> None:
    table = Table("held-out frames", "policy", "guess the mean", "repeat the last", title=None)
    for axis in ("steering", "throttle"):
        figures: dict[str, Any] = trained.offline[axis]
        cells = (figures["mae"], figures["baseline_mean_mae"], figures["baseline_last_mae"])
        table.add_row(f"{axis}: mean absolute error", *("-" if cell is None else f"{cell:.4f}" for cell in cells))
    show.print(table)
    steering = trained.offline["steering"]
    if steering["mae"] >= steering["baseline_mean_mae"]:
        show.print("[red]It steers no better than always guessing the mean.[/] Record more, or look at the data first.")
    show.print(f"policy: {trained.run.policy}  (differs from training by at most {trained.parity_max:.1e})")
    show.print(f"next:   copycar evaluate {trained.run.policy} --on oval")
