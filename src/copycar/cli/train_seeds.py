"""`copycar train --seeds N`: the same training with several seeds, and how much its figures vary."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from rich.table import Table

from copycar.cli.output import log, quoted, show, tell
from copycar.core.errors import CopycarError
from copycar.evaluation.student import mean_interval
from copycar.learning.run import RUN_FILE, Run
from copycar.learning.settings import TrainSettings

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.trained import Trained
    from copycar.learning.training import Training

AXES = ("steering", "throttle")
FIGURES = ("mae", "baseline_mean_mae", "baseline_last_mae")


def train_seeds(
    make: Callable[[TrainSettings, Path], "Training"],
    train: Callable[["Training"], "Trained"],
    settings: TrainSettings,
    n_seeds: int,
    out: Path | None,
) -> dict[str, Any]:
    """Train once per seed into `out/seed-N`; seeds that are finished there are not trained again.

    Args:
        make: makes the training of one seed's settings in its folder.
        train: runs it.
        settings: of all of them; its seed is the first.
        n_seeds: how many.
        out: folder of the runs; default: `runs/DATE-TIME-TYPE-seeds`.

    Returns:
        `"runs"` and `"offline"`: every offline figure's values, mean and 95 % interval.
    """
    from copycar.learning.training import Training  # noqa: PLC0415 - torch

    out = out or Path("runs") / f"{datetime.now():%Y%m%d-%H%M%S}-{settings.type}-seeds"
    _require_no_run(out)
    results = []
    for place, seed in enumerate(range(settings.seed, settings.seed + n_seeds), 1):
        tell(log, f"seed {seed} ({place} of {n_seeds})", "bold")
        folder = out / f"seed-{seed}"
        result = _finished(folder)
        if result is None:
            is_begun = (folder / RUN_FILE).is_file()
            own = settings.model_copy(update={"seed": seed})
            result = train(Training.resume(folder) if is_begun else make(own, folder)).as_json()
        results.append(result)
    return {"runs": results, "offline": spread([result["offline"] for result in results])}


def spread(offline: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return each offline figure's values, mean and 95 % interval over the seeds; None where a seed has none."""
    return {axis: {figure: _spread([one[axis][figure] for one in offline]) for figure in FIGURES} for axis in AXES}


def show_seeds(found: Mapping[str, Any]) -> None:
    """Print the table of the seeds for people."""
    table = Table("steering: mean absolute error", "policy", "guess the mean", "repeat the last")
    for result in found["runs"]:
        table.add_row(result["run"], *(_number(result["offline"]["steering"][figure]) for figure in FIGURES))
    for axis in AXES:
        table.add_section()
        figures = found["offline"][axis]
        table.add_row(f"{axis}: mean", *(_number(figures[figure]["mean"]) for figure in FIGURES))
        table.add_row("  95 % interval", *(_interval(figures[figure]["interval"]) for figure in FIGURES))
    show.print(table)
    tell(show, "Each seed holds out other frames, so that each has baselines of its own.")
    tell(show, "No seed was picked: an offline error does not tell which policy drives best. Drive them:")
    for result in found["runs"]:
        tell(show, f"  copycar evaluate {quoted(result['policy'])} --on oval")


def _finished(folder: Path) -> dict[str, Any] | None:
    described = Run(folder).describe() if (folder / RUN_FILE).is_file() else {}
    return described.get("result") if described.get("state") == "done" else None


def _require_no_run(folder: Path) -> None:
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
