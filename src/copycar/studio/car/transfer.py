"""Recordings from the car, policies to it, each with its progress. Moves no byte itself."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nicegui import ui

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.studio.car.link import CarLink
from copycar.studio.car.pull import pull_tub
from copycar.studio.car.push import push_policy
from copycar.studio.failures import tell
from copycar.studio.workplace import Workplace

CARS = "cars"
"""Folder of the workplace that pulled recordings go to: `cars/HOST/NAME`."""

LOOK_S = 0.2


class Moving:
    """One transfer's line: progress and what came of it."""

    def __init__(self) -> None:
        self._at = (0, 0)
        self._bar = ui.linear_progress(value=0, show_value=False).props('aria-label="progress"').classes("car-progress")
        self._said = ui.label("").props('role="status"')
        self._bar.set_visibility(False)
        ui.timer(LOOK_S, self._show)

    async def run(self, work: Callable[[OnProgress], str]) -> None:
        """Do it off the server's loop, and say how it ended."""
        self._at = (0, 0)
        self._bar.set_visibility(True)
        try:
            self._said.set_text(await asyncio.to_thread(work, self._note))
        except (CopycarError, OSError) as error:
            self._said.set_text("")
            tell(error)
        finally:
            self._bar.set_visibility(False)

    def _note(self, done: int, total: int) -> None:
        self._at = (done, total)

    def _show(self) -> None:
        done, total = self._at
        if self._bar.visible:
            self._bar.set_value(done / total if total else 0)
            self._said.set_text(f"{done / 1e6:.1f} of {total / 1e6:.1f} MB" if total else "looking at every file …")


def draw_tubs(workplace: Workplace, link: CarLink) -> None:
    """Draw the car's recordings, each with a button."""
    with ui.element("section").classes("car-part").props('aria-labelledby="tubs" id="car-tubs"'):
        ui.label("Recordings on the car").props('id="tubs" role="heading" aria-level="2"').classes("car-title")
        rows = ui.element("div")

        async def look() -> None:
            try:
                found = await asyncio.to_thread(link.tubs)
            except CopycarError as error:
                tell(error)
                return
            rows.clear()
            with rows:
                for row in found:
                    _tub(workplace, link, row)
                if not found:
                    ui.label("It has none.")

        ui.timer(0.1, look, once=True)
        ui.button("Look again", icon="refresh", on_click=look).props("flat dense no-caps")


def draw_policies(workplace: Workplace, link: CarLink) -> None:
    """Draw a choice of our policies with a button."""
    with ui.element("section").classes("car-part").props('aria-labelledby="policies" id="car-policies"'):
        ui.label("Send a policy").props('id="policies" role="heading" aria-level="2"').classes("car-title")
        ours = workplace.policies()
        with ui.element("div").classes("car-form"):
            policy = ui.select(ours, value=ours[0] if ours else None, label="Policy").props('data-field="policy"')
            name = ui.input("Name on the car").props('data-field="policy-name"')

            async def send() -> None:
                chosen = workplace.path(policy.value or "")
                called = (name.value or "").strip() or usual_name(chosen)
                await moving.run(lambda told: _sent(link, chosen, called, told))

            ui.button("Send", icon="upload", on_click=send, color=None).props("id=car-send unelevated no-caps").classes(
                "shell-action"
            )
        moving = Moving()


def usual_name(policy: Path) -> str:
    """Return how a policy is called on a car: a run's `policy.onnx` by its run.

    >>> usual_name(Path("runs/monday/policy.onnx")), usual_name(Path("line.onnx"))
    ('monday.onnx', 'line.onnx')
    """
    return f"{policy.parent.name}{policy.suffix}" if policy.stem == "policy" else policy.name


def _tub(workplace: Workplace, link: CarLink, row: dict[str, Any]) -> None:
    with ui.element("div").classes("car-row"):
        ui.label(row["name"]).classes("car-name")
        ui.label(f"{row['files']} files, {row['bytes'] / 1e6:.1f} MB")

        async def pull() -> None:
            await moving.run(lambda told: _pulled(workplace, link, row["name"], told))

        ui.button("Pull", icon="download", on_click=pull).props("outline dense no-caps")
        moving = Moving()


def _pulled(workplace: Workplace, link: CarLink, tub: str, told: OnProgress) -> str:
    to = workplace.path(f"{CARS}/{link.host}/{'tub' if tub == '.' else tub}")
    came = pull_tub(link, tub, to, told)
    return f"{came / 1e6:.1f} MB came; every file is verified; it lies in {workplace.name(to)}"


def _sent(link: CarLink, policy: Path, name: str, told: OnProgress) -> str:
    if not policy.is_file():
        raise CopycarError("no policy is chosen", fix="train one first")
    sent = push_policy(link, policy, name, told)
    return f"{sent / 1e6:.1f} MB sent; the car has verified it as policies/{name}"
