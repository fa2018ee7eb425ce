"""The frame that all pages have: title, navigation, light or dark. Knows nothing of what is inside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nicegui import ui

STATIC = Path(__file__).parent / "static"
STATIC_PATH = "/studio-static"


@contextmanager
def shell(path: str, pages: Mapping[str, tuple[str, str]]) -> Iterator[None]:
    """Draw the frame; what is made inside the `with` block becomes the page's content.

    Args:
        path: of this page, to mark it in the navigation.
        pages: path → (title, icon) of every page.
    """
    style("shell.css")
    script("shell.js")
    content = ui.element("main").classes("shell-main").props('id="content" tabindex="-1"')
    ui.skip_link("to the content", target=content)
    with ui.header().classes("shell-header"):
        with ui.element("nav").props('aria-label="pages"').classes("shell-pages"):
            for other, (title, icon) in pages.items():
                _entry(other, title, icon, is_here=other == path)
        ui.button(icon="contrast", color=None).props('flat round dense aria-label="light or dark"').classes(
            "shell-contrast"
        )
    with content:
        yield


def script(name: str) -> None:
    """Load a module of ours (`static/<name>`) on the current page."""
    ui.add_head_html(f'<script type="module" src="{address(name)}"></script>')


def style(name: str) -> None:
    """Load a style sheet of ours on the current page."""
    ui.add_head_html(f'<link rel="stylesheet" href="{address(name)}">')


def address(name: str) -> str:
    """Return where a browser finds a file of `static/`; it changes with the file, so that no old one is kept."""
    return f"{STATIC_PATH}/{name}?{(STATIC / name).stat().st_mtime_ns}"


def _entry(path: str, title: str, icon: str, *, is_here: bool) -> None:
    here = ' aria-current="page"' if is_here else ""
    with ui.element("a").props(f'href="{path}" title="{title}"{here}'):
        ui.icon(icon).props('aria-hidden="true"')
        ui.label(title)
