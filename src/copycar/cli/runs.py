"""`copycar runs`: the trainings in a folder."""

from pathlib import Path
from typing import Any

from rich.table import Table

from copycar.cli.output import print_json, show
from copycar.learning.run import Run, find_runs


def runs(folder: Path = Path("runs"), *, json: bool = False) -> None:
    """List the trainings in a folder, or show one. Example: copycar runs.

    Args:
        folder: where the runs lie, or one run.
        json: print a JSON list.
    """
    found = [Run(folder)] if (folder / "run.json").is_file() else find_runs(folder)
    rows = [_row(run) for run in found]
    if json:
        print_json(rows)
        return
    if not rows:
        show.print(f"No runs in {folder} yet. Start one: copycar train TUB")
        return
    table = Table("run", "state", "network", "frames", "epochs", "steering error", "mean guess", "started")
    for row in rows:
        table.add_row(*(_as_text(row[name]) for name in row))
    show.print(table)


def _row(run: Run) -> dict[str, Any]:
    described, epochs = run.describe(), run.epochs()
    best = min(epochs, key=lambda epoch: epoch["figures"]["score"])["figures"] if epochs else {}
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
