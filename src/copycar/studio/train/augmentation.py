"""The variations one by one, and a picture of what they do to the chosen tub, drawn anew while a slider moves."""

import asyncio
import base64
from typing import Any

from nicegui import ui
from pydantic.fields import FieldInfo

from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.learning.augment.settings import Augmentation
from copycar.learning.settings import AUGMENTATIONS
from copycar.studio.quick_slider import QuickSlider
from copycar.studio.train.started import preview_jpeg
from copycar.studio.workplace import Workplace

LOOK_S = 0.25
"""How often it is looked whether something was changed: quick enough to follow a slider."""

WIDEST = {"shift_m": 0.5, "look_ahead_m": 3.0, "noise_levels": 64.0}
"""Ends of sliders whose setting has none, or one that nobody goes to."""


class AugmentationChoice:
    """The sliders and the picture.

    Args:
        workplace: where the tubs are.
        tubs: the field with the chosen ones; the first is shown.
        preset: the field with the preset that the sliders start from.
    """

    def __init__(self, workplace: Workplace, tubs: Any, preset: Any) -> None:
        self._workplace, self._tubs, self._preset = workplace, tubs, preset
        self._fields: dict[str, Any] = {}
        self._is_stale = True

    def draw(self) -> None:
        """Draw it, closed: most people take a preset."""
        with (
            ui.expansion("What frames will look like", icon="auto_fix_high")
            .classes("train-augment")
            .props('data-field="augmentation-preview"') as self._box
        ):
            self._said = ui.label("").props('role="status"')
            self._picture = ui.element("img").props('alt="frames as recorded and under every variation"')
            with ui.element("div").classes("train-sliders"):
                for name, field in Augmentation.model_fields.items():
                    self._fields[name] = _slider(name, field, self._note_change)
        self._box.on_value_change(self._note_change)
        self._tubs.on_value_change(self._note_change)
        self._preset.on_value_change(self._take_preset)
        self._take_preset()
        ui.timer(LOOK_S, self._show)

    def changed(self) -> dict[str, Any]:
        """Return the variations that are other than the preset's."""
        usual = AUGMENTATIONS[self._preset.value].model_dump()
        chosen = {name: _value(field, usual[name]) for name, field in self._fields.items()}
        return {name: value for name, value in chosen.items() if value != usual[name]}

    def _take_preset(self) -> None:
        for name, value in AUGMENTATIONS[self._preset.value].model_dump().items():
            self._fields[name].set_value(value)
        self._note_change()

    def _note_change(self) -> None:
        self._is_stale = True

    async def _show(self) -> None:
        if not (self._is_stale and self._box.value):
            return
        self._is_stale = False
        if not self._tubs.value:
            self._said.set_text("Choose a tub to see its frames.")
            return
        try:
            settings = build(Augmentation, AUGMENTATIONS[self._preset.value].model_dump() | self.changed())
            folder = self._workplace.path(self._tubs.value[0])
            jpeg = await asyncio.to_thread(preview_jpeg, folder, settings)
        except CopycarError as error:
            self._said.set_text(str(error))
            return
        self._said.set_text(f"Two frames of {self._tubs.value[0]}; nothing of it is written.")
        self._picture.props["src"] = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
        self._picture.update()


def _slider(name: str, field: FieldInfo, on_change: Any) -> Any:
    label = name.replace("_", " ")
    with ui.element("div").classes("train-slider").props(f'title="{field.description}"'):
        if field.annotation is bool:
            return ui.switch(label, value=field.default, on_change=on_change).props(f'aria-label="{label}"')
        ui.label(label)
        low, high = _bounds(name, field)
        step = 1 if field.annotation is int else high / 100
        slider = QuickSlider(label, low=low, high=high, step=step, value=field.default, on_change=on_change)
        ui.label().bind_text_from(slider, "value", lambda value: f"{value:g}" if value is not None else "")
        return slider


def _bounds(name: str, field: FieldInfo) -> tuple[float, float]:
    limits = {type(limit).__name__: limit for limit in field.metadata}
    low = next((getattr(limits[kind], kind.lower()) for kind in ("Ge", "Gt") if kind in limits), 0.0)
    high = next((getattr(limits[kind], kind.lower()) for kind in ("Le", "Lt") if kind in limits), 1.0)
    return float(low), float(WIDEST.get(name, high))


def _value(field: Any, usual: Any) -> Any:
    """Return a field's value in the type of its usual one, without the noise of a slider's steps."""
    value = field.value
    if isinstance(usual, bool) or value is None:
        return value if value is not None else usual
    return int(value) if isinstance(usual, int) else round(float(value), 4)
