"""The car page: connect, then health, calibration, recordings and policies. Knows how they stand together."""

import asyncio
from typing import Any

from nicegui import ui

from copycar.studio.car.calibrate import draw_calibration
from copycar.studio.car.health import draw_health
from copycar.studio.car.link import CarLink
from copycar.studio.car.transfer import draw_policies, draw_tubs
from copycar.studio.failures import tell
from copycar.studio.shell import script, style
from copycar.studio.workplace import Workplace


def build(workplace: Workplace) -> None:
    """Draw the page."""
    style("car/car.css")
    script("car/hold.js")
    links: list[CarLink] = []
    with ui.element("section").classes("car-part").props('aria-labelledby="connect"'):
        ui.label("Connect").props('id="connect" role="heading" aria-level="2"').classes("car-title")
        with ui.element("div").classes("car-form"):
            address = ui.input("Address", placeholder="192.168.1.7:8887, or the car's whole link").props(
                'data-field="address"'
            )
            token = ui.input("Token", password=True).props('data-field="token" autocomplete="off"')

            async def connect() -> None:
                try:
                    link = CarLink(address.value or "", (token.value or "").strip())
                    told = await asyncio.to_thread(lambda: (link.health(), link.calibration()))
                except Exception as error:  # noqa: BLE001 - the edge: the visitor is told
                    tell(error)
                    return
                _hang_up(links)
                links.append(link)
                _draw(shown, workplace, link, *told)

            ui.button("Connect", icon="link", on_click=connect, color=None).props(
                "id=car-connect unelevated no-caps"
            ).classes("shell-action")
        ui.label("On the car: copycar studio --lan, or copycar drive … --web --lan. It prints its link.").classes(
            "car-quiet"
        )
    shown = ui.element("div").props('id="car"')
    ui.context.client.on_delete(lambda: _hang_up(links))


def _draw(shown: Any, workplace: Workplace, link: CarLink, health: Any, calibration: dict[str, Any]) -> None:
    shown.clear()
    with shown:
        draw_health(link, health)
        draw_calibration(link, calibration)
        draw_tubs(workplace, link)
        draw_policies(workplace, link)


def _hang_up(links: list[CarLink]) -> None:
    while links:
        links.pop().close()
