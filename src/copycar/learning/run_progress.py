"""How a run goes, in numbers for charts: what has been learned so far and how long it still takes. Draws nothing."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_high
from typing import Any

from copycar.learning.run import Run


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run so far.

    Attributes:
        epochs: numbers of the finished ones.
        loss: mean training loss of each.
        error: steering error on held-out frames of each, mean absolute.
        baseline: that of always guessing the mean; None before the first epoch.
        n_epochs: most epochs that it takes; None where it is not known yet.
        images_per_s: of the latest epoch; None before it.
        left_s: about how long it still takes; None where that cannot be told, 0 where nothing is left.
    """

    epochs: list[int]
    loss: list[float]
    error: list[float]
    baseline: float | None
    n_epochs: int | None
    images_per_s: float | None
    left_s: float | None


def run_progress(run: Run, now_s: float | None = None) -> RunProgress:
    """Read how far a run is.

    Args:
        run: described already, running or not.
        now_s: wall clock, seconds since 1970.
    """
    lines, n_epochs = run.epochs(), run.describe().get("n_epochs")
    figures = [line["figures"] for line in lines]
    return RunProgress(
        epochs=[int(line["number"]) for line in lines],
        loss=[float(line["loss"]) for line in lines],
        error=[float(each["steering_mae"]) for each in figures if each.get("steering_mae") is not None],
        baseline=next((each.get("steering_baseline_mean_mae") for each in reversed(figures)), None),
        n_epochs=n_epochs,
        images_per_s=float(lines[-1]["images_per_s"]) if lines else None,
        left_s=_left_s(run, lines, n_epochs, time.time() if now_s is None else now_s),
    )


def _left_s(run: Run, lines: Sequence[Mapping[str, Any]], n_epochs: int | None, now_s: float) -> float | None:
    """Return the seconds left: the usual length of an epoch, for those to come, less what this one has had."""
    if not lines or n_epochs is None:
        return None
    seconds = median_high(float(line["seconds"]) for line in lines)
    since_s = now_s - (run.folder / "metrics.jsonl").stat().st_mtime
    n_left = max(0, n_epochs - len(lines))
    return max(0.0, n_left * seconds - min(since_s, seconds)) if n_left else 0.0
