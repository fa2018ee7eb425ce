"""What a visitor sees when something fails: the error page, or a note on the page that he is on. Fixes nothing."""

import logging

from nicegui import app, ui
from nicegui.context import context
from starlette.requests import Request
from starlette.responses import Response

from copycar.core.errors import CopycarError
from copycar.studio.error_page import error_page, in_words

SHOWN = "failure-is-shown"
"""Key in a client's storage: this page *is* the error page, so no note is needed."""

HOME = '<p><a href="/">to the first page</a></p>'


def show_failures() -> None:
    """Make every failure visible: while a page is built, when it answers a click, and for addresses without a page."""
    app.on_page_exception(_on_page)
    app.on_exception(_in_a_note)
    app.add_exception_handler(404, _no_such_page)
    logging.getLogger("nicegui").addFilter(_is_news)


def tell(error: Exception) -> None:
    """Show an error to the current visitor until he closes it."""
    what, why, fix = in_words(error)
    text = "\n".join(line for line in (what, why, fix) if line)
    ui.notification(
        text, type="negative", multi_line=True, timeout=None, actions=[{"label": "Close", "color": "white"}]
    )


def _on_page(error: Exception) -> None:
    what, why, fix = in_words(error)
    context.client.storage[SHOWN] = True
    with ui.element("main").classes("shell-main"):
        ui.label(what).classes("text-h5").props('role="alert"')
        ui.label(why)
        ui.label(fix)
        ui.link("to the first page", "/")


def _in_a_note(error: Exception) -> None:
    if context.slot_stack and SHOWN not in context.client.storage:
        tell(error)


async def _no_such_page(request: Request, error: Exception) -> Response:
    return error_page(404, f"there is no page {request.url.path}", more=HOME)


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out of the log what a person can mend and has just been shown."""
    return not isinstance(record.msg, CopycarError)
