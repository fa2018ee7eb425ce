"""What holds for every page of the studio: it opens, can be used and read, fits a phone, and asks nobody else."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from studio_process import StudioProcess

from copycar.studio.pages import STUDIO_PAGES
from copycar.testing.tub import make_tub

pytestmark = pytest.mark.slow

FAULTS = (Path(__file__).parent / "accessibility.js").read_text().partition("\n")[2]
DESK, PHONE = (1280, 850), (360, 740)


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages") / "work"
    make_tub(folder / "tub", n_frames=60, n_episodes=2, image_size=(24, 32))
    process = StudioProcess(folder, "studio")
    yield process
    process.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", list(STUDIO_PAGES))
def test_it_can_be_used_read_and_held_in_one_hand(studio, visit, keep, path, size, scheme):
    page = visit("about:blank", size=size, color_scheme=scheme)
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    page.goto(studio.link(path))
    page.wait_for_selector("main button:visible")
    page.wait_for_timeout(800)
    assert page.evaluate(FAULTS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert set(asked) <= {f"localhost:{studio.port}", ""}
    name = path.strip("/").replace("/", "-") or "home"
    keep(page, f"page-{name}-{'phone' if size == PHONE else 'desk'}-{scheme}", full_page=True)


@pytest.mark.parametrize("path", list(STUDIO_PAGES))
def test_every_control_is_reached_by_the_keyboard(studio, visit, path):
    page = visit(studio.link(path))
    page.wait_for_selector("main button:visible")
    controls = "document.querySelectorAll('main :is(button, input, select):not(:disabled)')"
    visible = f"[...{controls}].filter((one) => one.checkVisibility() && one.tabIndex < 0).map((one) => one.outerHTML)"
    assert page.evaluate(visible) == []


def test_an_address_without_a_page_is_said(studio, visit):
    page = visit(studio.link("/nowhere"))
    assert "there is no page /nowhere" in page.inner_text("h1")
    page.click("a")
    page.wait_for_selector("nav a[aria-current]")
