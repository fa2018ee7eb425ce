"""How a car is, asked every second. Draws what it says, and says when it says nothing."""

import asyncio
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from copycar.core.errors import CopycarError
from copycar.studio.car.link import CarHealth, CarLink

ASK_S = 1.0
UNKNOWN = "-"


def draw_health(link: CarLink, health: CarHealth) -> None:
    """Draw the tiles and keep them new."""
    with ui.element("section").classes("car-part").props('aria-labelledby="health" id="car-health"'):
        ui.label("Health").props('id="health" role="heading" aria-level="2"').classes("car-title")
        with ui.element("dl").classes("car-tiles"):
            values = {name: _tile(name) for name in facts(health)}
        said = ui.label("").props('role="status"')
        ui.link("Open its drive page", link.page, new_tab=True)

        def show(found: CarHealth) -> None:
            for name, text in facts(found).items():
                values[name].set_text(text)

        async def ask() -> None:
            try:
                show(await asyncio.to_thread(link.health))
                said.set_text("")
            except (CopycarError, RuntimeError) as error:  # RuntimeError: the connection was closed for another one
                said.set_text(f"{error} (trying again)")

        show(health)
        ui.timer(ASK_S, ask, immediate=False)


def facts(health: CarHealth) -> dict[str, str]:
    """Return what is shown of a car's health, in words; a dash where it is not known."""
    told = health.told
    latency = told.get("policy_latency_ms") or {}
    return {
        "drives": " ".join(
            filter(None, [told["phase"], told["environment"], told["policy"] and f"by {told['policy']}"])
        ),
        "calibration": {True: "counts", False: "not here: no car"}.get(told["is_calibrated"], UNKNOWN),
        "rate": _number(told, "rate_hz", "Hz", 1),
        "link": f"{health.link_ms:.0f} ms",
        "policy": _number(latency, "p50", "ms", 1),
        "temperature": _number(told, "temperature_c", "°C", 0),
        "battery": _number(told, "battery_pct", "%", 0),
        "disk free": _number({"gb": (told.get("disk_free_bytes") or 0) / 1e9 or None}, "gb", "GB", 1),
        "recorded": f"{told['recorded']} frames, {told['dropped']} lost",
    }


def _number(told: Mapping[str, Any], name: str, unit: str, digits: int) -> str:
    value = told.get(name)
    return UNKNOWN if value is None else f"{value:.{digits}f} {unit}"


def _tile(name: str) -> Any:
    with ui.element("div"):
        with ui.element("dt"):
            ui.label(name)
        with ui.element("dd"):
            return ui.label(UNKNOWN)
