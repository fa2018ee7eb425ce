"""`copycar runs`: the trainings in a folder, one beside the other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.box import SIMPLE
from rich.table import Column, Table

from copycar.cli.output import print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.learning.run import Run, find_runs
from copycar.learning.run_summary import as_tags, differing_settings, sorted_by, summary

RUNS = Path("runs")
"""Where `copycar train` puts them."""

COLUMNS = {
    "run": "run",
    "state": "state",
    "network": "type",
    "frames": "frames",
    "epochs": "epochs",
    "steering_mae": "error",
    "baseline_mean_mae": "guess",
    "driving_score": "score",
    "latency_ms": "ms",
    "size_bytes": "MB",
    "started": "began",
    "comment": "comment",
}
"""What the table shows of a run, and its heading; the JSON has more."""

Tags = Annotated[list[str] | None, Parameter(consume_multiple=True)]

Sortable = Literal[
    "run", "network", "frames", "loss", "steering_mae", "driving_score", "latency_ms", "size_bytes", "started"
]


def runs(
    *folders: Path, sort: Sortable = "run", comment: str | None = None, tag: Tags = None, json: bool = False
) -> None:
    """List the trainings in a folder, show one, or compare several.

    Args:
        folders: where the runs lie, or one run; two runs or more are compared side by side.
        sort: what to sort by: the best first where better is known, else the least.
        comment: keep this remark with the run that is named; "" takes it away.
        tag: keep these words with the run that is named, to find it by; "" takes them away.
        json: print a JSON list, or what differs.
    """
    found = [run for folder in folders or (RUNS,) for run in _runs_in(folder)]
    if comment is not None:
        _the_one(found, folders).update(comment=comment or None)
    if tag is not None:
        _the_one(found, folders).update(tags=as_tags(*tag))
    if len(folders) > 1 and len(found) == len(folders):
        _compare(found, json)
        return
    rows = sorted_by([summary(run) for run in found], sort)
    if json:
        print_json(rows)
    elif rows:
        _show(rows)
    else:
        tell(show, f"No runs in {(folders or (RUNS,))[0]} yet. Start one: copycar train TUB")


def _runs_in(folder: Path) -> list[Run]:
    if folder != RUNS and not folder.is_dir():
        raise CopycarError(f"no folder {folder}", fix="name the folder that holds your runs, or one run")
    return [Run(folder)] if (folder / "run.json").is_file() else find_runs(folder)


def _the_one(found: Sequence[Run], folders: Sequence[Path]) -> Run:
    if [run.folder for run in found] != list(folders) or len(found) != 1:
        fix = 'copycar runs runs/NAME --comment "bright hall, new tyres"'
        raise CopycarError("--comment needs one run, and so does --tag", fix=fix)
    return found[0]


def _compare(found: Sequence[Run], json: bool) -> None:
    rows, differing = [summary(run) for run in found], differing_settings(found)
    if json:
        print_json({"runs": rows, "differing_settings": differing})
        return
    table = Table("", *(Column(run.folder.name, overflow="fold") for run in found))
    for name, heading in COLUMNS.items():
        if name != "run":
            table.add_row(heading, *(_as_text(name, row[name]) for row in rows))
    table.add_section()
    for name, values in differing.items():
        table.add_row(
            f"--{name.replace('_', '-')}", *("automatic" if value is None else str(value) for value in values)
        )
    show.print(table)
    if not differing:
        tell(show, "Their settings are the same.")


def _show(rows: Sequence[Mapping[str, Any]]) -> None:
    used = [name for name in COLUMNS if name in {"run", "state"} or any(row[name] is not None for row in rows)]
    used = [name for name in used if name != "comment"]  # no table in 80 columns has room for it
    columns = (Column(COLUMNS[name], no_wrap=name != "run", overflow="fold") for name in used)
    table = Table(*columns, box=SIMPLE, padding=(0, 1, 0, 0))
    for row in rows:
        table.add_row(*(_as_text(name, row[name]) for name in used))
    show.print(table)
    for row in rows:
        if row["comment"] or row["tags"]:
            tell(show, f"{row['run']}: {' '.join([*(f'#{tag}' for tag in row['tags']), row['comment'] or ''])}")
    tell(show, "error, guess: mean steering error on held-out frames, and that of guessing the mean; score: of driving")


def _as_text(name: str, value: Any) -> str:
    """Return a value of a run's summary as people read it."""
    match name, value:
        case _, None:
            return "-"
        case "started", str():
            return value[:10]  # the day; the JSON has all of it
        case "size_bytes", _:
            return f"{value / 1e6:.1f}"
        case (("driving_score" | "latency_ms"), _):
            return f"{value:.1f}"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
