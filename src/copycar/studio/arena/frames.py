"""Several policies beside one another on one frame: picture, bars, numbers, where they look. Asks nobody itself."""

import asyncio
import math
from collections.abc import Callable
from typing import Any

from nicegui import ui

from copycar.evaluation.offline.strips import colour
from copycar.studio.arena.bench import Bench, Look
from copycar.studio.failures import tell
from copycar.studio.quick_slider import QuickSlider
from copycar.studio.train.charts import GRID
from copycar.studio.workplace import Workplace

LOOK_S = 0.15
"""How often it is looked whether another frame is wanted: a slider is followed without asking for each of its steps."""

FULL_LOCK_RAD = math.radians(60)  # how far the drawn line leans at steering 1, as in the reports


def draw_frames(workplace: Workplace) -> None:
    """Draw the form, and below it what was asked for."""
    policies, tubs = workplace.policies(), workplace.tubs()
    asked: dict[str, tuple[int, int]] = {}
    with ui.element("div").classes("arena-form"):
        chosen = ui.select(policies, multiple=True, value=policies[:2], label="Policies").props(
            'use-chips data-field="policies"'
        )
        tub = ui.select(tubs, value=tubs[0] if tubs else None, label="Tub").props('data-field="tub"')

        async def compare() -> None:
            button.disable()
            try:
                files, folder = [workplace.path(name) for name in chosen.value], workplace.path(tub.value or "")

                def note(done: int, total: int) -> None:
                    asked["at"] = done, total

                shown.show(await asyncio.to_thread(Bench, files, folder, note))
            except Exception as error:  # noqa: BLE001 - the edge: the visitor is told
                tell(error)
            finally:
                asked.clear()
                button.enable()

        button = (
            ui.button("Compare", icon="compare_arrows", on_click=compare, color=None)
            .props("id=compare unelevated no-caps")
            .classes("shell-action")
        )
    progress = ui.label("").props('role="status"')
    ui.timer(0.5, lambda: progress.set_text(_progress(asked)))
    shown = FrameView()


class FrameView:
    """The frame that is looked at."""

    def __init__(self) -> None:
        self._bench: Bench | None = None
        self._shown = self._heated = -1
        with ui.element("div").classes("arena-frames") as self._box:
            with ui.element("div").classes("arena-bar"):
                ui.button(icon="chevron_left", on_click=lambda: self._step(-1)).props('flat aria-label="frame before"')
                self._slider = QuickSlider("frame", low=0, high=1, step=1, value=0).props('id="arena-frame"')
                ui.button(icon="chevron_right", on_click=lambda: self._step(1)).props('flat aria-label="frame after"')
                self._number = ui.label().props('id="arena-number"')
            self._looks = ui.switch("Where they look", value=True, on_change=self._forget)
            self._cards = ui.element("div").classes("arena-cards")
            ui.label("Where they disagree most").classes("arena-subtitle").props('role="heading" aria-level="3"')
            self._disputed = ui.element("div").classes("arena-disputed")
            self._chart = ui.echart(_chart([]), on_point_click=self._go_to_point, renderer="svg").classes("arena-chart")
        self._box.set_visibility(False)
        ui.timer(LOOK_S, self._look)

    def show(self, bench: Bench) -> None:
        """Show another comparison, at the frame that is disputed most."""
        self._bench, disputed = bench, bench.disputed()
        self._slider.props["max"] = len(bench) - 1
        self._disputed.clear()
        with self._disputed:
            for place, number, apart in disputed:
                ui.button(f"frame {number}: {apart:.2f}", on_click=self._going_to(place)).props("outline dense no-caps")
        self._chart.options.update(_chart(bench.curve()))
        self._chart.update()
        self._forget()
        self._slider.set_value(disputed[0][0] if disputed else 0)
        self._slider.update()
        self._box.set_visibility(True)

    async def _look(self) -> None:
        """Show the frame that the slider stands at; where they look follows once it rests."""
        bench, place = self._bench, int(self._slider.value or 0)
        if bench is None:
            return
        if place != self._shown:
            self._shown, self._heated = place, -1
            self._draw(await asyncio.to_thread(bench.look, place))
        elif self._looks.value and place != self._heated:
            self._heated = place
            heat = await asyncio.to_thread(bench.heat, place)
            if place == self._shown and bench is self._bench:
                self._heat(heat)

    def _draw(self, look: Look) -> None:
        self._number.set_text(f"frame {look.number}")
        self._cards.clear()
        self._images: list[Any] = []
        with self._cards:
            _card("driver", "truth", look.picture, look.driver)
            for number, (name, steering, throttle) in enumerate(look.said):
                self._images.append(_card(name, colour(number), look.picture, (steering, throttle)))

    def _heat(self, pictures: list[str]) -> None:
        for image, picture in zip(self._images, pictures, strict=True):
            image.props["src"] = _source(picture)
            image.props["data-heat"] = "yes"
            image.update()

    def _step(self, by: int) -> None:
        if self._bench:
            self._slider.set_value(min(max(int(self._slider.value) + by, 0), len(self._bench) - 1))

    def _going_to(self, place: int) -> Callable[[], object]:
        return lambda: self._slider.set_value(place)

    def _go_to_point(self, event: Any) -> None:
        self._slider.set_value(int(event.data[0]))

    def _forget(self) -> None:
        self._shown = self._heated = -1


def _card(name: str, kind: str, picture: str, action: tuple[float, float]) -> Any:
    steering, throttle = action
    with ui.element("figure").classes("arena-card"):
        with ui.element("div").classes("arena-picture"):
            alt = f"{name}: steering {steering:+.2f}, throttle {throttle:+.2f}"
            image = ui.element("img").props(f'src="{_source(picture)}"')
            image.props["alt"] = alt
            ui.html(_line(kind, steering), sanitize=False)
        with ui.element("figcaption"):
            ui.label(name).classes(f"arena-name {kind}")
            for axis, value in (("steering", steering), ("throttle", throttle)):
                _bar(axis, kind, value)
    return image


def _bar(axis: str, kind: str, value: float) -> None:
    with ui.element("div").classes("arena-value"):
        ui.label(axis)
        with ui.element("div").classes("arena-track").props('aria-hidden="true"'):
            left, width = 50 + 50 * min(value, 0.0), 50 * min(abs(value), 1.0)
            ui.element("i").classes(kind).style(f"left: {left:.1f}%; width: {width:.1f}%")
        ui.label(f"{value:+.3f}")


def _line(kind: str, steering: float) -> str:
    x, y = 62 * math.sin(steering * FULL_LOCK_RAD), -62 * math.cos(steering * FULL_LOCK_RAD)
    line = f'<path class="{kind}" d="M0 0L{x:.1f} {y:.1f}"/>'
    return f'<svg viewBox="-80 -100 160 104" preserveAspectRatio="xMidYMax meet" aria-hidden="true">{line}</svg>'


def _source(picture: str) -> str:
    return f"data:image/jpeg;base64,{picture}"


def _progress(asked: dict[str, Any]) -> str:
    if "at" not in asked:
        return ""
    done, total = asked["at"]
    return f"{done} of {total} answers"


def _chart(points: list[tuple[int, float]]) -> dict[str, Any]:
    return {
        "animation": False,
        "aria": {"enabled": True},
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 40, "right": 12, "top": 12, "bottom": 36},
        "xAxis": {
            "type": "value",
            "name": "frame",
            "nameLocation": "middle",
            "nameGap": 22,
            "max": "dataMax",
            "splitLine": GRID,
        },
        "yAxis": {"type": "value", "min": 0, "splitLine": GRID},
        "series": [
            {
                "type": "line",
                "name": "steering apart",
                "data": [list(point) for point in points],
                "showSymbol": False,
                "lineStyle": {"width": 1, "color": "#b0489e"},
                "itemStyle": {"color": "#b0489e"},
            }
        ],
    }
