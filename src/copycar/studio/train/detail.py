"""One run in full: how it goes, its buttons, remarks, held-out frames, and the end of what it printed."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nicegui import ui

from copycar.core.errors import CopycarError
from copycar.learning.delete_run import delete_run
from copycar.learning.held_out_pictures import FILE
from copycar.learning.run import RUN_FILE, Run
from copycar.learning.run_progress import RunProgress, run_progress
from copycar.learning.run_summary import as_tags
from copycar.learning.training_process import go_on, log_of, pause, stop
from copycar.studio.failures import tell

CONTROLS: dict[str, tuple[str, Callable[[Path], None], frozenset[str]]] = {
    "Pause": ("pause", pause, frozenset({"training"})),
    "Resume": ("play_arrow", go_on, frozenset({"paused", "interrupted", "failed", "died"})),
    "Stop": ("stop", stop, frozenset({"starting", "training", "paused"})),
}
"""Button -> its icon, what it does, and the states in which it can."""


class Detail:
    """The chosen run.

    Args:
        folder: that of all runs.
        look: called after something was done.
    """

    def __init__(self, folder: Path, look: Callable[[], Awaitable[None]]) -> None:
        self._folder, self._look, self._name = folder, look, ""
        self._pictured = ""
        with ui.element("div").classes("train-detail").props('id="run-detail" aria-live="polite"') as self._box:
            self._title = ui.label().classes("train-title").props('role="heading" aria-level="3"')
            self._facts = ui.label().props('id="run-facts"')
            self._buttons = {name: self._button(name) for name in CONTROLS}
            self._remarks()
            self._frames = ui.element("div").classes("train-frames").props('id="held-out"')
            with ui.expansion("What it printed", icon="notes"):
                self._log = ui.element("pre").classes("train-log")
                with self._log:
                    self._text = ui.label().style("white-space: pre-wrap")
        self._box.set_visibility(False)

    async def show(self, row: Mapping[str, Any] | None) -> None:
        """Show a run, a row of the table; None hides everything."""
        self._box.set_visibility(row is not None)
        if row is None:
            self._name = ""
            return
        if row["name"] != self._name:
            self._name, self._pictured = row["name"], ""
            self._comment.set_value(row["comment"])
            self._tags.set_value(row["tags"])
        folder = self._folder / self._name
        progress, frames, printed = await asyncio.to_thread(_read, folder)
        self._title.set_text(self._name)
        self._facts.set_text(_facts(row, progress))
        for name, (_, _, states) in CONTROLS.items():
            self._buttons[name].set_visibility(row["state"] in states)
        self._text.set_text(printed)
        self._show_frames(frames)

    def _button(self, name: str) -> Any:
        icon, work, _ = CONTROLS[name]
        button = ui.button(name, icon=icon, on_click=lambda: self._do(work), color=None)
        return button.props("unelevated dense no-caps").classes("shell-action")

    def _remarks(self) -> None:
        with ui.element("div").classes("train-remarks"):
            self._comment = ui.input("Comment").props('data-field="comment"')
            self._tags = ui.input("Tags").props('data-field="tags"')
            ui.button("Keep", icon="save", on_click=self._keep).props("flat dense no-caps")
            ui.button("Delete", icon="delete", on_click=self._ask_to_delete, color=None).props(
                "flat dense no-caps"
            ).classes("shell-danger")

    async def _do(self, work: Callable[[Path], None]) -> None:
        try:
            await asyncio.to_thread(work, self._folder / self._name)
        except CopycarError as error:
            tell(error)
        await self._look()

    async def _keep(self) -> None:
        comment, tags = self._comment.value or None, as_tags(self._tags.value or "")
        await self._do(lambda folder: Run.open(folder).update(comment=comment, tags=tags))

    async def _ask_to_delete(self) -> None:
        with ui.dialog() as dialog, ui.card():
            ui.label(f"Delete {self._name} with its policy, for good?")
            with ui.row():
                ui.button("Delete", on_click=lambda: dialog.submit(True)).props(
                    "no-caps color=negative data-answer=delete"
                )
                ui.button("Keep it", on_click=lambda: dialog.submit(False)).props("flat no-caps")
        if await dialog:
            await self._do(delete_run)
        dialog.delete()

    def _show_frames(self, told: Mapping[str, Any]) -> None:
        stamp = f"{self._name} {told.get('epoch')}"
        if stamp == self._pictured:
            return
        self._pictured = stamp
        self._frames.clear()
        with self._frames:
            if told:
                ui.label(f"Held-out frames after epoch {told['epoch']}").classes("train-frames-title")
            for frame in told.get("frames", ()):
                _figure(frame)


def _figure(frame: Mapping[str, Any]) -> None:
    driver, policy = frame["driver"][0], frame["policy"][0]
    said = f"driver {driver:+.2f}, policy {policy:+.2f}"
    with ui.element("figure").classes("train-frame" + (" is-worst" if frame["is_worst"] else "")):
        alt = f"frame {frame['frame']}: steering of the {said}"
        ui.element("img").props(f'src="data:image/jpeg;base64,{frame["jpeg"]}" alt="{alt}"')
        with ui.element("div").classes("train-bars").props('aria-hidden="true"'):
            for kind, value in (("driver", driver), ("policy", policy)):
                left, width = 50 + 50 * min(value, 0.0), 50 * abs(value)
                ui.element("i").classes(kind).style(f"left: {left:.1f}%; width: {width:.1f}%")
        with ui.element("figcaption"):
            ui.label(said + (" (among the worst)" if frame["is_worst"] else ""))


def _read(folder: Path) -> tuple[RunProgress | None, dict[str, Any], str]:
    """Return progress, held-out frames and the end of the log; what is not there yet is empty."""
    progress, frames = None, {}
    with suppress(CopycarError, KeyError, TypeError, ValueError):
        progress = run_progress(Run(folder)) if (folder / RUN_FILE).exists() else None
    with suppress(OSError, ValueError):
        frames = json.loads((folder / FILE).read_text("utf-8"))
    return progress, frames, log_of(folder)


def _facts(row: Mapping[str, Any], progress: RunProgress | None) -> str:
    parts = [str(row["state"])]
    if progress and progress.n_epochs:
        parts.append(f"epoch {len(progress.epochs)} of {progress.n_epochs}")
    if progress and progress.images_per_s:
        parts.append(f"{progress.images_per_s:.0f} images/s")
    if progress and progress.error and progress.baseline is not None:
        parts.append(f"error {progress.error[-1]:.3f}, guessing the mean {progress.baseline:.3f}")
    if progress and progress.left_s and row["state"] == "training":
        parts.append(f"about {_duration(progress.left_s)} left")
    return " · ".join(parts)


def _duration(seconds: float) -> str:
    """Return a duration as people say it.

    >>> _duration(42.0), _duration(150.0), _duration(7300.0)
    ('42 s', '2 min 30 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
