"""Policies as ghosts on the same track: the form, how far it is, then map, controls and score cards. Drives nobody."""

import asyncio
import json
from collections.abc import Sequence
from html import escape
from typing import Any

from nicegui import ui

from copycar.core.errors import CopycarError
from copycar.environments.track.shapes import SUMMARIES
from copycar.evaluation.ghosts import as_ghost, race
from copycar.evaluation.offline.strips import colour
from copycar.evaluation.report.compare import Driven, scores_table
from copycar.evaluation.report.groups import grouped
from copycar.evaluation.report.track_map import ghost_map
from copycar.studio.failures import tell
from copycar.studio.workplace import Workplace

EXPERT = "expert"
MOST_TRIALS = 20


class Running:
    """A race that somebody waits for.

    Attributes:
        said: how far it is, in words.
        is_over: whether it is to end.
    """

    def __init__(self) -> None:
        self.said, self.is_over = "The first car is put on the track …", False

    def tell(self, name: str, share: float, interventions: int) -> None:
        """Note how far it is.

        Raises:
            CopycarError: it is to end.
        """
        if self.is_over:
            raise CopycarError("the race was stopped")
        helped = f", helped {interventions} times on this drive" if interventions else ""
        self.said = f"{name}: {100 * share:.0f} %{helped}"


def draw_race(workplace: Workplace) -> None:
    """Draw the form, and below it the race."""
    drivers, now = [*workplace.policies(), EXPERT], {"race": Running()}
    with ui.element("div").classes("arena-form"):
        chosen = ui.select(drivers, multiple=True, value=drivers[:2], label="Drivers").props(
            'use-chips data-field="drivers"'
        )
        tracks = [f"track:{name}" for name in SUMMARIES]
        track = ui.select(tracks, value="track:oval", label="Track").props('data-field="track"')
        trials = ui.number("Starts", value=2, min=2, max=MOST_TRIALS, precision=0)
        laps = ui.number("Laps each", value=1, min=1, max=10, precision=0)

        async def begin() -> None:
            running = now["race"] = Running()
            button.disable()
            halt.set_visibility(True)
            try:
                files = [name if name == EXPERT else str(workplace.path(name)) for name in chosen.value]
                amount = {"trials": int(trials.value or 2), "laps": int(laps.value or 1), "seed": 0}
                driven = await asyncio.to_thread(lambda: race(files, track.value, tell=running.tell, **amount))
                _show(result, driven)
            except Exception as error:  # noqa: BLE001 - the edge: the visitor is told
                tell(error)
            finally:
                running.said = ""
                button.enable()
                halt.set_visibility(False)

        button = (
            ui.button("Race", icon="sports_score", on_click=begin, color=None)
            .props("id=race unelevated no-caps")
            .classes("shell-action")
        )
        halt = ui.button("Stop", icon="stop", on_click=lambda: setattr(now["race"], "is_over", True))
        halt.props("outline no-caps").set_visibility(False)
    now["race"].said = ""
    said = ui.label("").props('role="status" id="race-said"')
    ui.timer(0.3, lambda: said.set_text(now["race"].said))
    result = ui.element("div").classes("arena-race")
    ui.context.client.on_delete(lambda: setattr(now["race"], "is_over", True))  # nobody waits for it any more


def _show(result: Any, driven: Sequence[Driven]) -> None:
    result.clear()
    with result:
        ui.html(_ghosts(driven), sanitize=False).classes("arena-map")
        ui.html(f'<div class="arena-scores">{scores_table(driven)}</div>', sanitize=False)


def _ghosts(driven: Sequence[Driven]) -> str:
    """Return map and controls of everybody's first trial, HTML; `static/arena/ghosts.js` moves the discs."""
    traces, marks = [one.traces[0] for one in driven], [colour(place) for place in range(len(driven))]
    ghosts = [as_ghost(trace) for trace in traces]
    told = json.dumps({"step_s": ghosts[0].step_s, "places": [ghost.places_m for ghost in ghosts]})
    last_s = max((len(ghost.places_m) - 1) * ghost.step_s for ghost in ghosts)
    names = "".join(
        f'<span class="arena-key {mark}">{escape(one.name)}</span>' for one, mark in zip(driven, marks, strict=True)
    )
    return (
        f'<div class="arena-ghosts" data-ghosts="{escape(told)}">'
        f"{ghost_map([grouped(one.traces[:1])[0] for one in driven], marks)}"
        '<div class="arena-bar"><button type="button" class="arena-play">Play</button>'
        f'<input type="range" min="0" max="{last_s:.1f}" step="0.1" value="0" aria-label="seconds since the start">'
        f"<output>0.0 s</output></div><p>{names}</p></div>"
    )
