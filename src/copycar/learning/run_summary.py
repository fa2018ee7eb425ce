"""One line about each run, to be listed and compared. Knows nothing of how it is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from copycar.learning.run import Run

HIGHER_IS_BETTER = {"driving_score"}


def summary(run: Run) -> dict[str, Any]:
    """Return what tells a run from others; None where it is not known (yet).

    `loss`, `steering_mae` and its baseline are of the epoch that was kept; once there is a policy file the latter two
    are as that file computes, which is more precisely than training may. `driving_score` and `driven_on` are of the
    latest closed-loop evaluation, `latency_ms` is the usual time of a decision there, or else where it was trained.
    """
    described, epochs = run.describe(), run.epochs()
    kept: Mapping[str, Any] = next((epoch for epoch in reversed(epochs) if epoch["is_best"]), {})
    figures = kept.get("figures", {})
    steering = described.get("result", {}).get("offline", {}).get("steering", {})
    score: Mapping[str, Any] = next(reversed(run.scores()), {})
    card = score.get("score_card", {})
    return {
        "run": str(run.folder),
        "state": described.get("state"),
        "network": described.get("network"),
        "frames": described.get("data", {}).get("frames"),
        "epochs": len(epochs),
        "loss": kept.get("loss"),
        "steering_mae": steering.get("mae", figures.get("steering_mae")),
        "baseline_mean_mae": steering.get("baseline_mean_mae", figures.get("steering_baseline_mean_mae")),
        "driving_score": card.get("driving_score"),
        "driven_on": score.get("on"),
        "size_bytes": run.policy.stat().st_size if run.policy.exists() else None,
        "latency_ms": (card.get("latency_ms") or described.get("latency_ms") or {}).get("p50"),
        "started": described.get("started"),
        "tubs": described.get("tubs"),
        "comment": described.get("comment"),
        "tags": described.get("tags", []),
    }


def sorted_by(rows: Sequence[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    """Return the rows with the best first where better is known, else the least; those without a value last."""
    known = [row for row in rows if row[name] is not None]
    ordered = sorted(known, key=lambda row: row[name], reverse=name in HIGHER_IS_BETTER)
    return [*ordered, *(row for row in rows if row[name] is None)]


def differing_settings(runs: Sequence[Run]) -> dict[str, list[Any]]:
    """Return every setting that is not the same in all runs, with its value in each."""
    settings = [run.describe().get("settings", {}) for run in runs]
    names = list(dict.fromkeys(name for one in settings for name in one))
    values = {name: [one.get(name) for one in settings] for name in names}
    return {name: found for name, found in values.items() if any(value != found[0] for value in found)}


def as_tags(*words: str) -> list[str]:
    """Return words as they are kept with a run: one each, in order, none twice.

    >>> as_tags("wet road", "#night", "wet")
    ['night', 'road', 'wet']
    """
    return sorted({part.lstrip("#") for word in words for part in word.replace(",", " ").split()} - {""})
