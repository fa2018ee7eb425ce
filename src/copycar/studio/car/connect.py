"""Connecting to a car: address and token, and whether to trust a certificate that nobody vouches for. Asks no more."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from copycar.studio.car.known import KnownCars
from copycar.studio.car.link import CarHealth, CarLink, UnknownCertificateError
from copycar.studio.failures import tell


@dataclass(frozen=True, slots=True)
class Connected:
    """A car that has answered.

    Attributes:
        link: to it.
        health, calibration: its first answers.
    """

    link: CarLink
    health: CarHealth
    calibration: dict[str, Any]


class Connecting:
    """The form. Hangs up when the visitor goes, or connects to another car.

    Args:
        known: cars that were connected to before.
        on_connect: called with the car.
    """

    def __init__(self, known: KnownCars, on_connect: Callable[[Connected], None]) -> None:
        self._known, self._on_connect = known, on_connect
        self._link: CarLink | None = None
        addresses = known.addresses()
        with ui.element("div").classes("car-form"):
            self._address = ui.input(
                "Address",
                value=addresses[0] if addresses else "",
                placeholder="192.168.1.7:8887, or the car's whole link",
                autocomplete=addresses,
            ).props('data-field="address"')
            self._token = ui.input("Token", password=True).props('data-field="token" autocomplete="off"')
            ui.button("Connect", icon="link", on_click=self._connect, color=None).props(
                "id=car-connect unelevated no-caps"
            ).classes("shell-action")
        ui.context.client.on_delete(self._hang_up)

    async def _connect(self) -> None:
        try:
            car = await self._connected()
            if car is None:
                return
            await asyncio.to_thread(self._known.remember, car.link.address, car.link.trusted)
        except Exception as error:  # noqa: BLE001 - the edge: the visitor is told
            tell(error)
            return
        self._hang_up()
        self._link = car.link
        self._address.set_value(car.link.address)  # a pasted link stands here with its token no longer
        self._on_connect(car)

    async def _connected(self) -> Connected | None:
        """Return the car; None where its certificate is not to be trusted."""
        link = self._dial(self._known.certificate)
        try:
            return await asyncio.to_thread(_asked, link)
        except UnknownCertificateError as unknown:
            link.close()
            if not await _is_trusted(unknown, is_another=bool(link.trusted)):
                return None
            found = unknown.certificate
            return await asyncio.to_thread(_asked, self._dial(lambda address: found))

    def _dial(self, trusted: Callable[[str], str]) -> CarLink:
        return CarLink(self._address.value or "", (self._token.value or "").strip(), trusted)

    def _hang_up(self) -> None:
        if self._link:
            self._link.close()
        self._link = None


def draw_connect(known: KnownCars, on_connect: Callable[[Connected], None]) -> None:
    """Draw the form; `on_connect` is called with every car that answers."""
    with ui.element("section").classes("car-part").props('aria-labelledby="connect"'):
        ui.label("Connect").props('id="connect" role="heading" aria-level="2"').classes("car-title")
        Connecting(known, on_connect)
        ui.label("On the car: copycar studio --lan, or copycar drive … --web --lan. It prints its link.").classes(
            "car-quiet"
        )


def _asked(link: CarLink) -> Connected:
    return Connected(link, link.health(), link.calibration())


async def _is_trusted(unknown: UnknownCertificateError, *, is_another: bool) -> bool:
    """Let the visitor compare the fingerprint, and return what he says."""
    with ui.dialog() as dialog, ui.card():
        what = "This car shows another certificate than the one that you trusted." if is_another else f"{unknown.what}."
        ui.label(what[0].upper() + what[1:]).classes("text-weight-bold")
        ui.label("Its SHA-256 fingerprint:")
        ui.label(unknown.fingerprint).classes("car-fingerprint").props('id="car-fingerprint"')
        ui.label(
            "The car prints the same one after the word “proof” when it is started with --https. If they differ, "
            "somebody stands between you and the car."
        )
        with ui.row():
            ui.button("It is the same: trust it", on_click=lambda: dialog.submit(True), color=None).props(
                "unelevated no-caps id=car-trust"
            ).classes("shell-action")
            ui.button("Do not connect", on_click=lambda: dialog.submit(False)).props("flat no-caps")
    said = bool(await dialog)
    dialog.delete()
    return said
