"""The calibration's sliders, which a car takes at once, and buttons that hold its wheels while they are pressed.

Holding comes from the browser itself, ten times a second (`static/car/hold.js`): when it goes, the car stands.
"""

import asyncio
from typing import Any

from nicegui import ui
from pydantic.fields import FieldInfo

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.calibration import Calibration
from copycar.studio.car.link import CarLink
from copycar.studio.failures import tell
from copycar.studio.quick_slider import QuickSlider

HOLDS = {
    "Full left": (-1.0, 0.0),
    "Straight on": (0.0, 0.0),
    "Full right": (1.0, 0.0),
    "A little forward": (0.0, 0.02),
    "A little back": (0.0, -0.02),
}
"""Button -> (steering, throttle) of the stick. The least of throttle is what the setting for it decides."""

SEND_S = 0.1


def draw_calibration(link: CarLink, now: dict[str, Any]) -> None:
    """Draw sliders and buttons."""
    with ui.element("section").classes("car-part").props('aria-labelledby="calibration" id="car-calibration"'):
        ui.label("Calibration").props('id="calibration" role="heading" aria-level="2"').classes("car-title")
        ui.label("Put the car on a box, so that its wheels turn freely, and start a drive on it.").classes("car-quiet")
        changed: dict[str, Any] = {}
        fields: dict[str, Any] = {}
        with ui.element("div").classes("car-sliders"):
            for name, field in Calibration.model_fields.items():
                fields[name] = _field(name, field, now[name], changed)
        said = ui.label("").props('role="status" id="calibration-said"')
        _holding(link, said)

        async def send() -> None:
            if changed:
                values = dict(changed)
                changed.clear()
                await _say(said, lambda: link.calibrate(values), "taken, not saved yet")

        async def save() -> None:
            values = {name: field.value for name, field in fields.items()}
            await _say(said, lambda: link.calibrate(values, save=True), "saved in the car's copycar.toml")

        ui.button("Save", icon="save", on_click=save, color=None).props(
            "id=calibration-save unelevated no-caps"
        ).classes("shell-action")
        ui.timer(SEND_S, send)


async def _say(said: Any, work: Any, text: str) -> None:
    try:
        await asyncio.to_thread(work)
        said.set_text(text)
    except CopycarError as error:
        tell(error)


def _field(name: str, field: FieldInfo, value: Any, changed: dict[str, Any]) -> Any:
    label = name.removeprefix("is_").replace("_", " ")

    def note(event: Any) -> None:
        changed[name] = event.value

    with ui.element("div").classes("car-slider").props(f'title="{field.description}"'):
        if field.annotation is bool:
            return ui.switch(label, value=value, on_change=note).props(f'aria-label="{label}"')
        ui.label(label)
        low, high = (float(next(getattr(m, k) for m in field.metadata if hasattr(m, k))) for k in ("ge", "le"))
        slider = QuickSlider(label, low=low, high=high, step=0.01, value=value, on_change=note)
        slider.props(f'data-calibration="{name}"')
        ui.label().bind_text_from(slider, "value", lambda at: f"{at:+.2f}")
        return slider


def _holding(link: CarLink, said: Any) -> None:
    with ui.element("div").classes("car-holds").props('role="group" aria-label="hold to move the wheels"'):
        for text, (steering, throttle) in HOLDS.items():
            ui.button(text).props(f'outline no-caps data-hold="{steering},{throttle}"')
    is_asking = False

    async def hold(event: Any) -> None:
        nonlocal is_asking
        if is_asking:  # one on its way is enough: a queue would go on after the button is released
            return
        is_asking = True
        try:
            action = Action(float(event.args["steering"]), float(event.args["throttle"]))
            steering, throttle = await asyncio.to_thread(link.hold, action)
            said.set_text(f"the motors get steering {steering:+.2f}, throttle {throttle:+.2f}")
        except (CopycarError, ValueError, KeyError, TypeError) as error:
            said.set_text(str(error))
        finally:
            is_asking = False

    ui.on("car-hold", hold)
