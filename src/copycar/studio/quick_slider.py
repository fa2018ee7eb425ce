"""A slider that follows the hand at once, and that screen readers know: the browser's own. Knows not what it sets."""

from collections.abc import Callable
from typing import Any

from nicegui.elements.mixins.value_element import ValueElement

THROTTLE_S = 0.05  # between two values that are told: 20 a second


class QuickSlider(ValueElement[float]):
    """`<input type="range">`.

    NiceGUI's own slider waits for the server's echo of every step, so that fast keys are lost over a slow link, and the
    part of it that takes the focus has no name.

    Args:
        label: what it sets, for who cannot see it.
        low, high: its ends.
        step: between two values.
        value: at first.
        on_change: called with the event of every change.
    """

    VALUE_PROP = "value"
    LOOPBACK = None

    def __init__(
        self,
        label: str,
        *,
        low: float,
        high: float,
        step: float,
        value: float,
        on_change: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__(tag="input", value=value, on_value_change=on_change)
        self._props.update({"type": "range", "min": low, "max": high, "step": step, "aria-label": label})
        self.classes("quick-slider")
        # the page keeps the value itself, or it would go back with the next thing that is drawn anew
        keep = f"mounted_app.elements[{self.id}].props.value = value"
        heard = f"(event) => {{ const value = Number(event.target.value); {keep}; emit(value); }}"
        self.on("input", self._hear, js_handler=heard, throttle=THROTTLE_S)

    def _hear(self, event: Any) -> None:
        """Take what the browser shows already: it need not be told."""
        self._send_update_on_value_change = False
        self.set_value(float(event.args))
        self._send_update_on_value_change = True
