"""The annotation page, in a real browser on a real server."""

import json
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from copycar.ground.layouts.label_json import read_labels
from copycar.ground.open_scene import open_scene

pytestmark = pytest.mark.slow
PATIENCE_MS = 15_000
PLAN = -1


@pytest.fixture(scope="module")
def server(serve, project):
    return serve("ground", "annotate", str(project))


@pytest.fixture
def page(browser, server):
    context = browser.new_context(viewport={"width": 1500, "height": 950})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    context.close()


def show(page: Any, server: Any, frame: int, who: int | None = 1) -> None:
    selected = "" if who is None else f"&who={who}"
    page.goto(f"{server.link}&split=train&frame={frame}{selected}")
    title(page, f"train frame {frame}")
    page.wait_for_function("[...document.querySelectorAll('.view img')].every(i => i.complete && i.naturalWidth > 0)")


def title(page: Any, words: str) -> None:
    page.locator(".annotate .title", has_text=words).wait_for()


def said(page: Any, words: str) -> None:
    page.locator(".annotate .said", has_text=words).wait_for()


def image(page: Any, view: int) -> Any:
    return page.locator(f'[data-view="{view}"]')


def on_screen(page: Any, view: int, pixel: tuple[float, float]) -> tuple[int, int]:
    """Return the whole screen pixel nearest to a pixel of a view."""
    box = image(page, view).bounding_box()
    scale = box["width"] / natural_width(page, view)
    return round(box["x"] + (pixel[0] + 0.5) * scale), round(box["y"] + (pixel[1] + 0.5) * scale)


def natural_width(page: Any, view: int) -> int:
    return image(page, view).locator("img").evaluate("image => image.naturalWidth")


def pixel_at(page: Any, view: int, place: tuple[int, int]) -> tuple[float, float]:
    """Return the view's pixel under a screen pixel, the inverse of `on_screen`."""
    box = image(page, view).bounding_box()
    scale = box["width"] / natural_width(page, view)
    return (place[0] - box["x"]) / scale - 0.5, (place[1] - box["y"]) / scale - 0.5


def mark_in(page: Any, view: int, who: int) -> np.ndarray:
    """Return where a thing's cross is drawn, as a pixel of the view, measured on the screen."""
    cross = image(page, view).locator(f'g[data-who="{who}"]:not(.ghost) > path')
    cross.wait_for(state="attached")
    box = cross.evaluate(
        "e => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }"
    )
    return np.array(pixel_at(page, view, tuple(box)))


def click(page: Any, view: int, pixel: tuple[float, float]) -> tuple[float, float]:
    """Click at a pixel of a view, and return the pixel that was really hit."""
    place = on_screen(page, view, pixel)
    page.mouse.click(*place)
    return pixel_at(page, view, place)


def labels(project: Path, frame: int) -> dict[int, list[float]]:
    path = project / f"1-annotation/labels/train/copycar_{frame}.json"
    if not path.exists():
        return {}
    truth = read_labels(path, 0.01)
    return dict(zip(truth.ids.tolist(), truth.points_m.tolist(), strict=True))


@pytest.mark.parametrize(("clicked", "point", "frame"), [(0, (0.4, 0.3), 0), (2, (-0.5, -0.2), 1), (3, (0.1, 0.5), 2)])
def test_what_is_placed_in_one_view_appears_in_the_others_within_two_pixels_of_the_truth(
    page, server, project, clicked, point, frame
):
    cameras = open_scene(project).cameras
    show(page, server, frame)
    click(page, clicked, tuple(cameras[clicked].project([point])[0]))
    for view, camera in enumerate(cameras):
        assert np.abs(mark_in(page, view, 1) - camera.project([point])[0]).max() < 2, camera.name
    assert labels(project, frame)[1] == pytest.approx(point, abs=0.02)


def test_a_click_on_the_plan_is_that_place_of_the_ground(page, server, project):
    cameras = open_scene(project).cameras
    show(page, server, 3)
    width = natural_width(page, PLAN)
    click(page, PLAN, (width / 2, image(page, PLAN).locator("img").evaluate("i => i.naturalHeight") / 2))
    for view, camera in enumerate(cameras):
        assert np.abs(mark_in(page, view, 1) - camera.project([(0.0, 0.0)])[0]).max() < 2
    assert labels(project, 3)[1] == pytest.approx((0.0, 0.0), abs=0.02)


def test_nothing_is_lost_on_reload_and_the_same_frame_is_shown_again(page, server, project):
    show(page, server, 4)
    click(page, 0, tuple(open_scene(project).cameras[0].project([(0.2, 0.1)])[0]))
    before = mark_in(page, 1, 1)
    page.reload()
    title(page, "train frame 4 · click: 1")
    assert mark_in(page, 1, 1) == pytest.approx(before, abs=0.5)


def test_it_is_dragged_and_undone_and_done_again(page, server, project):
    camera = open_scene(project).cameras[0]
    show(page, server, 5)
    start, end = (on_screen(page, 0, tuple(camera.project([point])[0])) for point in ((0.0, 0.0), (0.6, -0.3)))
    page.mouse.click(*start)
    mark_in(page, 1, 1)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert labels(project, 5)[1] == pytest.approx((0.6, -0.3), abs=0.02)
    page.keyboard.press("Control+z")
    said(page, "undone: move 1")
    assert labels(project, 5)[1] == pytest.approx((0.0, 0.0), abs=0.02)
    page.keyboard.press("u")
    said(page, "undone: place 1")
    assert labels(project, 5) == {}
    page.keyboard.press("Control+Shift+Z")
    said(page, "done again: place 1")
    page.keyboard.press("r")
    said(page, "done again: move 1")
    assert labels(project, 5)[1] == pytest.approx((0.6, -0.3), abs=0.02)


def test_ids_go_on_and_are_interpolated_by_keyboard(page, server, project):
    show(page, server, 8)
    camera = open_scene(project).cameras[0]
    click(page, 0, tuple(camera.project([(-0.4, 0.0)])[0]))
    mark_in(page, 1, 1)
    for frame in (9, 10, 11, 12):
        page.keyboard.press("d")
        title(page, f"train frame {frame}")
    click(page, 0, tuple(camera.project([(0.4, 0.2)])[0]))
    mark_in(page, 1, 1)
    page.keyboard.press("i")
    said(page, "1 filled in for")
    first, last = np.array(labels(project, 8)[1]), np.array(labels(project, 12)[1])
    for number in (9, 10, 11):
        expected = first + (last - first) * (number - 8) / 4
        assert labels(project, number)[1] == pytest.approx(expected.tolist(), abs=1e-4)


def test_everything_but_the_first_click_works_by_keyboard(page, server, project):
    show(page, server, 14)
    click(page, 0, tuple(open_scene(project).cameras[0].project([(0.0, 0.0)])[0]))
    mark_in(page, 1, 1)
    x, y = labels(project, 14)[1]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    page.wait_for_timeout(300)
    assert labels(project, 14)[1] == pytest.approx((x + 0.01, y + 0.1), abs=1e-4)
    page.keyboard.press("d")
    title(page, "train frame 15")
    page.keyboard.press("c")
    said(page, "1 taken over")
    page.keyboard.press("Delete")
    title(page, "train frame 15, labelled: nothing is here")
    page.keyboard.press("Escape")
    title(page, "click: a new thing")
    page.keyboard.press("Tab")
    title(page, "click: 1")
    page.keyboard.press("2")
    page.wait_for_function("getComputedStyle(document.querySelector('.view:nth-child(1)')).display === 'none'")
    page.keyboard.press("0")
    image(page, 0).wait_for()


def test_what_another_program_writes_appears(page, server, project):
    show(page, server, 17, who=None)
    path = project / "1-annotation/labels/train/copycar_17.json"
    path.write_text(json.dumps([["rectID", "personID", "modified", "Xw", "Yw", "Zw"], ["0_0", 8, True, 30.0, 10.0, 0]]))
    expected = open_scene(project).cameras[0].project([(0.3, 0.1)])[0]
    assert mark_in(page, 0, 8) == pytest.approx(expected, abs=1)
    click(page, 0, tuple(open_scene(project).cameras[0].project([(-0.6, 0.3)])[0]))
    mark_in(page, 1, 9)
    assert set(labels(project, 17)) == {8, 9}


def test_what_cannot_be_done_is_said_and_changes_nothing(page, server, project):
    show(page, server, 18)
    page.keyboard.press("i")
    said(page, "nothing is selected in this frame")
    assert labels(project, 18) == {}


def test_nothing_is_lost_when_the_server_is_killed(page, server, project):
    """The last test of this file: it kills the server of all of them."""
    show(page, server, 20)
    click(page, 0, tuple(open_scene(project).cameras[0].project([(0.5, 0.4)])[0]))
    before = mark_in(page, 2, 1)
    server.kill(signal.SIGKILL)
    server.start()
    page.goto(f"{server.link}&split=train&frame=20")
    title(page, "train frame 20")
    assert mark_in(page, 2, 1) == pytest.approx(before, abs=0.5)
