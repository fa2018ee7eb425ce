"""Join pages, guard and web server, and run them until Ctrl-C. Knows nothing of what is on a page."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from nicegui import ui
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from copycar.core.errors import CopycarError
from copycar.studio.access import LOOPBACK, Access
from copycar.studio.failures import show_failures
from copycar.studio.guard import MOST_BODY_BYTES, Guard
from copycar.studio.invitation import own_names
from copycar.studio.pages import Pages, register, routes_of
from copycar.studio.shell import STATIC, STATIC_PATH

EVERY_ADDRESS = "0.0.0.0"
FAREWELL_S = 2  # how long open sockets may take to say goodbye when the server ends


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens and who is let in.

    Attributes:
        token: the secret of the link.
        port: TCP port.
        lan: listen to the whole network rather than to this machine alone.
        certificate, key: PEM files for HTTPS, which browsers ask for before they give a page the tilt of a phone.
    """

    token: str
    port: int
    lan: bool = False
    certificate: Path | None = None
    key: Path | None = None


def serve(pages: Pages, given: Any, address: Address, on_ready: Callable[[int], None] = lambda port: None) -> None:
    """Serve `pages` until Ctrl-C. Once per process: NiceGUI keeps its pages in one place.

    Args:
        pages: the table of pages.
        given: what every page gets.
        address: where, and who is let in.
        on_ready: called with the port once the server answers.

    Raises:
        CopycarError: the port is taken, or the certificate cannot be used.
    """
    check_free(address)
    register(pages, given)
    show_failures()
    Server(_config(guarded(pages, given, address), address), on_ready).run()


def guarded(pages: Pages, given: Any, address: Address) -> ASGIApp:
    """Return the whole application behind its guard."""
    app = FastAPI(openapi_url=None, routes=routes_of(pages, given))
    app.mount(STATIC_PATH, FreshFiles(directory=STATIC))
    ui.run_with(app, title="copycar", dark=None, tailwind=False, show_welcome_message=False, reconnect_timeout=5.0)
    hosts = LOOPBACK | (own_names() if address.lan else frozenset())
    return Guard(app, Access(address.token, hosts), f"copycar-{address.port}")


class FreshFiles(StaticFiles):
    """Files that a browser asks about each time: modules import one another by names that stay the same."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        """Return the file, or that it has not changed."""
        answer = super().file_response(*arguments, **options)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


class Server(uvicorn.Server):
    """uvicorn, which says when it answers and names what kept it from starting."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: Any = None) -> None:
        """Start to listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_ready(self.servers[0].sockets[0].getsockname()[1])


def _config(app: ASGIApp, address: Address) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=EVERY_ADDRESS if address.lan else "127.0.0.1",
        port=address.port,
        log_level="warning",
        access_log=False,  # the link's token would be in it
        server_header=False,
        ws_max_size=MOST_BODY_BYTES,
        ws_per_message_deflate=False,  # JPEG does not shrink, and compressing costs a frame's time
        timeout_graceful_shutdown=FAREWELL_S,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
    )


def check_free(address: Address) -> None:
    """Make sure that the port can be had.

    Raises:
        CopycarError: another program has it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((EVERY_ADDRESS if address.lan else "127.0.0.1", address.port))
        except OSError as error:
            raise CopycarError(
                f"port {address.port} cannot be used", error.strerror or str(error), "choose another one: --port 8888"
            ) from error
