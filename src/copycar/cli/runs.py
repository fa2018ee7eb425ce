"""`copycar runs`: the trainings in a folder."""

from pathlib import Path
from typing import Any

from rich.table import Column, Table

from copycar.cli.output import print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.learning.run import Run, find_runs

RUNS = Path("runs")
"""Where `copycar train` puts them."""

HEADINGS = ("run", "state", "network", "frames", "epochs", "steering error", "mean guess", "began (UTC)")
WIDE = {"began (UTC)"}


def runs(folder: Path = RUNS, *, json: bool = False) -> None:
    """List the trainings in a folder, or show one.

    Args:
        folder: where the runs lie, or one run.
        json: print a JSON list.
    """
    if folder != RUNS and not folder.is_dir():
        raise CopycarError(f"no folder {folder}", fix="name the folder that holds your runs, or one run")
    found = [Run(folder)] if (folder / "run.json").is_file() else find_runs(folder)
    rows = [_row(run) for run in found]
    if json:
        print_json(rows)
        return
    if not rows:
        tell(show, f"No runs in {folder} yet. Start one: copycar train TUB")
        return
    table = Table(*(Column(name, min_width=10 if name in WIDE else None, overflow="fold") for name in HEADINGS))
    for row in rows:
        table.add_row(*(_as_text(row[name]) for name in row if name != "started"), _as_date(row["started"]))
    show.print(table)


def _row(run: Run) -> dict[str, Any]:
    described, epochs = run.describe(), run.epochs()
    best: dict[str, Any] = next((epoch["figures"] for epoch in reversed(epochs) if epoch["is_best"]), {})
    return {
        "run": str(run.folder),
        "state": described.get("state"),
        "network": described.get("network"),
        "frames": described.get("data", {}).get("frames"),
        "epochs": len(epochs),
        "steering_mae": best.get("steering_mae"),
        "baseline_mean_mae": best.get("steering_baseline_mean_mae"),
        "started": described.get("started"),
    }


def _as_text(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _as_date(started: str | None) -> str:
    """Return the day and the minute; the JSON has all of it."""
    return (started or "-")[:16].replace("T", " ")
