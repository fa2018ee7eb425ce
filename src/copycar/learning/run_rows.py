"""All trainings in a folder, one row each, whatever state they are in. Knows nothing of how they are shown."""

from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.learning.run import RUN_FILE, Run
from copycar.learning.run_summary import summary
from copycar.learning.training_process import PROCESS_FILE, state_of

AFTER_ALL = "9"
"""Behind every date."""


def run_rows(folder: Path) -> list[dict[str, Any]]:
    """Return the summary of every run directly below `folder`: those that have just been started, then the newest.

    Besides what `run_summary.summary` tells: `name`, that of its folder, and `state` as `training_process.state_of` has
    it; a run that has just been started, or whose `run.json` is damaged, has little else.
    """
    found = {path.parent for name in (RUN_FILE, PROCESS_FILE) for path in folder.glob(f"*/{name}")}
    rows = [_row(each) for each in sorted(found, reverse=True)]
    return sorted(rows, key=lambda row: row.get("started") or AFTER_ALL, reverse=True)


def _row(folder: Path) -> dict[str, Any]:
    state: str = state_of(folder)
    try:
        told = summary(Run(folder))
    except CopycarError:
        told = {"tags": [], "comment": None, "epochs": 0}
    if state == "unknown":
        state = told.get("state") or state
    return told | {"name": folder.name, "state": state}
