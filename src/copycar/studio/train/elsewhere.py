"""The list of trainings elsewhere, with a button for each question. Asks only when somebody presses one."""

import asyncio
from collections.abc import Callable

from nicegui import ui

from copycar.studio.failures import tell
from copycar.studio.train.jobs import JobRow, fetch_run, latest_jobs, stands, stop_job, targets
from copycar.studio.workplace import Workplace


class Elsewhere:
    """The list; nothing where this installation cannot send jobs.

    Args:
        workplace: where a fetched run is put.
    """

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def draw(self) -> None:
        """Draw it."""
        if targets():
            with ui.element("section").classes("train-runs").props('aria-labelledby="elsewhere" id="jobs"'):
                ui.label("Elsewhere").props('id="elsewhere" role="heading" aria-level="2"').classes("train-title")
                self._list = ui.element("div")
            self.show()

    def show(self) -> None:
        """List the latest jobs anew."""
        self._list.clear()
        with self._list:
            rows = latest_jobs()
            for row in rows:
                self._row(row)
            if not rows:
                ui.label("No training was sent elsewhere yet.")

    def _row(self, row: JobRow) -> None:
        with ui.element("div").classes("train-job"):
            ui.label(f"{row.name} on {row.on}").classes("train-job-name")
            said = ui.label("").props('role="status"')

            def asking(question: Callable[[], str]) -> Callable[[], object]:
                async def ask() -> None:
                    try:
                        said.set_text(await asyncio.to_thread(question))
                    except Exception as error:  # noqa: BLE001 - the edge: the visitor is told
                        tell(error)

                return ask

            for text, question in (
                ("How does it stand?", lambda: stands(row.name)),
                ("Stop", lambda: stop_job(row.name)),
                ("Bring its run here", lambda: fetch_run(self._workplace, row.name)),
            ):
                ui.button(text, on_click=asking(question)).props("outline dense no-caps")
