"""The tubs page: what of it is HTML. All that moves on it is in `static/tubs`."""

from nicegui import ui

from copycar.studio.shell import STATIC, script, style


def build(given: object) -> None:
    """Draw the page."""
    style("tubs/tubs.css")
    ui.html((STATIC / "tubs" / "tubs.html").read_text("utf-8"), sanitize=False)
    script("tubs/page.js")
