"""`copycar train --seeds N`: the same training with several seeds, and how much its figures vary."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from rich.table import Table

from copycar.cli.output import log, show, tell
from copycar.core.errors import CopycarError
from copycar.evaluation.student import mean_interval
from copycar.learning.run import RUN_FILE

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.trainer import Trained, Trainer

AXES = ("steering", "throttle")
FIGURES = ("mae", "baseline_mean_mae", "baseline_last_mae")


def seed_trainer(make: "type[Trainer]", folder: Path, **arguments: Any) -> "Trainer":
    """Return the training of one seed: a new one, or the one in `folder` that was not finished.

    Args:
        make: `Trainer`.
        folder: of this seed's run.
        arguments: of a new training.
    """
    return make.resume(folder) if (folder / RUN_FILE).is_file() else make(**arguments, out=folder)


def spread(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return each offline figure's values, mean and 95 % interval over the seeds; None where a seed has none.

    Args:
        results: `"offline"` of every seed.
    """
    return {axis: {figure: _spread([one[axis][figure] for one in results]) for figure in FIGURES} for axis in AXES}


def show_seeds(trained: Sequence["Trained"], found: Mapping[str, Any], out: Path) -> None:
    """Print the table of the seeds for people."""
    table = Table("held-out frames", "policy", "guess the mean", "repeat the last")
    for result in trained:
        steering = result.offline["steering"]
        table.add_row(result.run.folder.name, *(_number(steering[figure]) for figure in FIGURES))
    table.add_section()
    for axis in AXES:
        table.add_row(f"{axis}: mean", *(_number(found[axis][figure]["mean"]) for figure in FIGURES))
        table.add_row("  95 % interval", *(_interval(found[axis][figure]["interval"]) for figure in FIGURES))
    show.print(table)
    tell(show, "Each seed holds out other frames, so the rows have baselines of their own.")
    tell(show, "No seed was picked: an offline error does not tell which one drives. Drive them:")
    for result in trained:
        tell(show, f"  copycar evaluate {shlex.quote(str(result.run.policy))} --on oval")
    tell(show, f"side by side: copycar runs {shlex.quote(str(out))}")


def announce(seed: int, place: int, n: int) -> None:
    """Say which seed is trained now."""
    tell(log, f"seed {seed} ({place} of {n})", "bold")


def require_seedless(folder: Path) -> None:
    """Refuse a folder that is one run itself.

    Raises:
        CopycarError: it is.
    """
    if (folder / RUN_FILE).is_file():
        raise CopycarError(
            f"{folder} is the run of one training", "several seeds make a folder of runs", "name another --out"
        )


def _spread(values: Sequence[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return {"values": list(values), "mean": None, "interval": None}
    return {"values": known, "mean": mean(known), "interval": mean_interval(known)}


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _interval(bounds: Sequence[float] | None) -> str:
    return "-" if bounds is None else f"{bounds[0]:.4f} … {bounds[1]:.4f}"
