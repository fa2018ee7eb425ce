"""The system's Chromium, to look at the real server."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"
"""Where screenshots are kept, for people to look at."""

PATIENCE_MS = 60_000  # a machine that does other work too is slow, which no test here is about


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; tests that need it skip where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is missing: pip install 'copycar[dev]'")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu"] if os.name == "posix" else []
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address in a browser profile of its own and returns the page; what goes wrong on it fails the test."""
    contexts, faults = [], []

    def open_page(address: str, size: tuple[int, int] = (1280, 850), script: str = "", **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if script:
            page.add_init_script(script)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keeps a screenshot of a page under a name."""

    def screenshot(page: Any, name: str, **options: Any) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", **options)

    return screenshot
