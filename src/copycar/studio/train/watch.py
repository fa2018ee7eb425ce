"""The runs of the workplace: their table, the chosen ones over one another, one in full. Looks anew every second.

Knows no process and no file: whoever comes back to the page, from whichever browser, sees the same.
"""

import asyncio
from pathlib import Path
from typing import Any

from nicegui import ui

from copycar.core.errors import CopycarError
from copycar.learning.run import RUN_FILE, Run
from copycar.learning.run_progress import RunProgress, run_progress
from copycar.learning.run_rows import run_rows
from copycar.studio.train.charts import error_chart, loss_chart
from copycar.studio.train.detail import Detail
from copycar.studio.train.started import RUNS
from copycar.studio.train.table import RunTable
from copycar.studio.workplace import Workplace

LOOK_S = 1.0


class Watch:
    """The lower half of the page.

    Args:
        workplace: where the runs are.
    """

    def __init__(self, workplace: Workplace) -> None:
        self._folder = workplace.path(RUNS)
        self._drawn: dict[str, Any] = {}

    def draw(self) -> None:
        """Draw everything, and keep looking."""
        with ui.element("section").props('aria-labelledby="runs"').classes("train-runs"):
            ui.label("Runs").props('id="runs" role="heading" aria-level="2"').classes("train-title")
            self._table = RunTable(run_rows(self._folder), self.look)
            with ui.element("div").classes("train-charts") as self._curves:
                self._charts = [ui.echart(chart({}), renderer="svg") for chart in (loss_chart, error_chart)]
            self._curves.set_visibility(False)
            self._detail = Detail(self._folder, self.look)
        ui.timer(LOOK_S, self.look)

    def choose(self, name: str) -> None:
        """Show one run, as soon as it is there."""
        self._table.choose(name)

    async def look(self) -> None:
        """Show what is new."""
        self._table.show(await asyncio.to_thread(run_rows, self._folder))
        chosen = self._table.chosen
        self._show_charts(await asyncio.to_thread(_progress_of, [self._folder / name for name in chosen]))
        await self._detail.show(self._table.row(chosen[-1]) if chosen else None)

    def _show_charts(self, progress: dict[str, RunProgress]) -> None:
        if progress == self._drawn:
            return
        self._drawn = progress
        self._curves.set_visibility(any(one.epochs for one in progress.values()))
        for shown, chart in zip(self._charts, (loss_chart, error_chart), strict=True):
            shown.options.clear()
            shown.options.update(chart(progress))
            shown.update()


def _progress_of(folders: list[Path]) -> dict[str, RunProgress]:
    found = {}
    for folder in folders:
        if (folder / RUN_FILE).exists():
            try:
                found[folder.name] = run_progress(Run(folder), now_s=0.0)  # the charts show no time left
            except (CopycarError, KeyError, TypeError, ValueError):
                continue  # a damaged run has no curve; the table names it all the same
    return found
