"""The table of runs, with those marked that are looked at. Reads nothing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from copycar.learning.training_process import LIVING

HEADINGS = {
    "name": "run",
    "state": "state",
    "network": "network",
    "frames": "frames",
    "epochs": "epochs",
    "steering_mae": "error",
    "baseline_mean_mae": "guessing",
    "driving_score": "score",
    "tags": "tags",
    "comment": "comment",
}


class RunTable:
    """The table.

    Args:
        rows: at first, as `run_rows`.
        on_choose: called when others are marked.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]], on_choose: Callable[[], Awaitable[None]]) -> None:
        self._wanted = ""
        self._table = ui.table(
            rows=[_shown(row) for row in rows],
            columns=[
                {"name": name, "label": text, "field": name, "sortable": True, "align": "left"}
                for name, text in HEADINGS.items()
            ],
            row_key="name",
            selection="multiple",
            pagination=8,
            on_select=on_choose,
        )
        for slot, name in (("header-selection", "'all runs'"), ("body-selection", "props.row.name")):
            self._table.add_slot(slot, f'<q-checkbox v-model="props.selected" dense :aria-label="{name}" />')
        self._table.classes("train-table").props('flat dense no-data-label="No runs yet: start one above."')
        living = [row for row in rows if row["state"] in LIVING]
        for row in [*living, *rows][:1]:
            self.choose(str(row["name"]))

    @property
    def chosen(self) -> list[str]:
        """Names of the marked runs that are there, in the order in which they were marked."""
        known = {row["name"] for row in self._table.rows}
        return [row["name"] for row in self._table.selected if row["name"] in known]

    def choose(self, name: str) -> None:
        """Mark this run alone, now or when it appears."""
        self._wanted = name
        self._take_wanted()

    def show(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show these rows; what has not changed is not sent."""
        shown = [_shown(row) for row in rows]
        if shown != self._table.rows:
            marked = self.chosen
            self._table.rows = shown
            self._table.selected = [row for name in marked for row in shown if row["name"] == name]
        self._take_wanted()

    def row(self, name: str) -> Mapping[str, Any]:
        """Return the row of a run that is there."""
        return next(row for row in self._table.rows if row["name"] == name)

    def _take_wanted(self) -> None:
        found = [row for row in self._table.rows if row["name"] == self._wanted]
        if found:
            self._table.selected = found
            self._wanted = ""


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(row.get(name)) for name in HEADINGS}


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(f"#{tag}" for tag in value)
    if isinstance(value, float):
        return round(value, 4)
    return "" if value is None else value
