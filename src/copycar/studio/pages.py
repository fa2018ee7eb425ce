"""The table of pages, and how one gets its address. Knows nothing of what is on them."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, NamedTuple

from nicegui import ui
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute

from copycar.studio.shell import shell


class Page(NamedTuple):
    """One page.

    Attributes:
        title: in the navigation and on the browser's tab.
        icon: name of a Material icon.
        build: `"module:function"`, imported with its first visitor; called as `build(given)` for each.
        routes: `"module:function"`, called once as `routes(given)`: the page's own pictures and sockets.
    """

    title: str
    icon: str
    build: str
    routes: str = ""


Pages = Mapping[str, Page]
"""Path to page, in the order of the navigation."""

STUDIO_PAGES: Pages = {
    "/drive": Page("Drive", "sports_esports", "copycar.studio.drive.page:build", "copycar.studio.drive.page:routes"),
    "/tubs": Page("Tubs", "photo_library", "copycar.studio.tubs.page:build", "copycar.studio.tubs.routes:routes"),
    "/train": Page("Train", "model_training", "copycar.studio.train.page:build"),
    "/arena": Page("Arena", "compare", "copycar.studio.arena.page:build"),
    "/car": Page("Car", "directions_car", "copycar.studio.car.page:build"),
}

DRIVE_ALONE: Pages = {"/drive": STUDIO_PAGES["/drive"]._replace(routes="copycar.studio.drive.page:routes_for_wish")}
"""What `copycar drive ENV --web` opens."""


def register(pages: Pages, given: Any) -> None:
    """Give every page its address; "/" shows the first one where none is called that."""
    for path, page in pages.items():
        _register(path, page, pages, given)
    if "/" not in pages:
        ui.page("/")(lambda: RedirectResponse(next(iter(pages))))


def routes_of(pages: Pages, given: Any) -> list[BaseRoute]:
    """Return the pictures and sockets of all pages."""
    return [route for page in pages.values() if page.routes for route in resolve_name(page.routes)(given)]


def _register(path: str, page: Page, pages: Pages, given: Any) -> None:
    @ui.page(path, title=f"{page.title} · copycar", dark=None)
    def show() -> None:
        with shell(path, {other: (shown.title, shown.icon) for other, shown in pages.items()}):
            resolve_name(page.build)(given)
