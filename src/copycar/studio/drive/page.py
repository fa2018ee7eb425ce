"""The drive page: its address, its socket, and what of it is HTML. All that moves on it is in `static/drive`."""

from dataclasses import dataclass

from nicegui import app, ui
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from copycar.driving.report import DriveReport
from copycar.environments.make import environments
from copycar.studio.car import surface
from copycar.studio.drive.socket import Viewers
from copycar.studio.shell import STATIC, script, style
from copycar.studio.workplace import Workplace

SOCKET = "/drive/socket"


@dataclass(slots=True)
class DriveWish:
    """What `copycar drive ENV --web` asks for.

    Attributes:
        workplace: where policies and tubs are.
        environment: where to drive.
        policy: who rides along, as `DriveSession.choose_policy`.
        record: tub to record into from the first frame on; "" for none.
        rate_hz: pictures per second, where the built-in track is asked for.
        report: of the drive, once the server has ended.
    """

    workplace: Workplace
    environment: str
    policy: str = ""
    record: str = ""
    rate_hz: float | None = None
    report: DriveReport | None = None


def build(given: object) -> None:
    """Draw the page."""
    style("drive/drive.css")
    names = "".join(f'<option value="{place["name"]}">{place["summary"]}</option>' for place in environments())
    ui.html(
        (STATIC / "drive" / "drive.html").read_text("utf-8").replace("<!-- environments -->", names), sanitize=False
    )
    script("drive/page.js")


def routes(workplace: Workplace) -> list[BaseRoute]:
    """Return the socket of a studio, where the page says what to drive, and what a car answers to other machines."""
    viewers = Viewers(workplace)
    return [_socket(viewers), *surface.routes(viewers, workplace)]


def routes_for_wish(wish: DriveWish) -> list[BaseRoute]:
    """Return the socket of a drive that is wished for already, and start it with the server.

    Raises:
        CopycarError: the policy cannot be loaded.
    """
    viewers = Viewers(wish.workplace)
    viewers.session.choose_policy(wish.policy)
    app.on_startup(lambda: viewers.session.start(wish.environment, wish.rate_hz, wish.record))

    def keep_report() -> None:
        wish.report = viewers.session.report

    route = _socket(viewers)
    app.on_shutdown(keep_report)
    return [route, *surface.routes(viewers, wish.workplace)]


def _socket(viewers: Viewers) -> WebSocketRoute:
    async def endpoint(connection: WebSocket) -> None:
        await viewers.serve(connection)

    app.on_shutdown(viewers.session.end)  # the car stands and the recording is closed before the program ends
    return WebSocketRoute(SOCKET, endpoint)
