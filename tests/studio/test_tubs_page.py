"""The tubs page in a real browser, on a real recording."""

import shutil

import pytest
from studio_process import StudioProcess

from copycar.testing.policy import write_policy
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub

pytestmark = pytest.mark.slow

DAMAGED = 700


@pytest.fixture(scope="module")
def studio(tmp_path_factory, shared_data):
    folder = tmp_path_factory.mktemp("tubs") / "work"
    shutil.copytree(shared_data / "tub-donkeycar-fixture", folder / "real")
    (folder / "real" / "images" / f"{DAMAGED}_cam_image_array_.jpg").write_bytes(b"\xff\xd8\xff no picture")
    make_tub(folder / "small", n_frames=40, n_episodes=2, image_size=(24, 32))
    write_policy(folder / "tiny.onnx", (24, 32))
    process = StudioProcess(folder, "studio")
    yield process
    process.stop()


@pytest.fixture
def page(studio, visit):
    page = visit(f"{studio.link('/tubs')}&tub=real", size=(1280, 900))
    until(page, "globalThis.copycarTubs?.at.tub === 'real' && copycarTubs.stats.seek_ms.length > 0")
    return page


def until(page, condition):
    page.wait_for_function(condition, polling=20)


def frames(page, live):
    page.wait_for_selector(f"#about:has-text('{live} frames, {1000 - live} deleted')")


def brush(page, start, stop):
    """Drag over the chart, from one share of its width to another."""
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("#timeline").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * stop, middle, steps=5)
    page.mouse.up()


def test_deleting_undoing_and_redoing_by_brush_and_by_keys(studio, page, keep):
    brush(page, 0.3, 0.4)
    chosen = page.evaluate("copycarTubs.timeline.selection")
    n = chosen[1] - chosen[0]
    assert 90 < n < 110
    page.keyboard.press("Delete")
    frames(page, 1000 - n)
    assert Tub.open(studio.folder / "real").deleted == set(range(*chosen))
    page.wait_for_selector("#history:has-text('deleted in the studio')")
    page.keyboard.press("u")
    frames(page, 1000)
    page.keyboard.press("y")
    frames(page, 1000 - n)
    keep(page, "tubs-deleted", full_page=True)
    page.keyboard.press("r")
    frames(page, 1000)


def test_stepping_and_playing(page):
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    until(page, "copycarTubs.stats.shown === 11")
    page.select_option("#speed", "64")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    until(page, "copycarTubs.at.place > 200")
    page.keyboard.press(" ")
    until(page, "copycarTubs.at.playing === 0")


def test_a_filter_finds_and_deletes_what_it_says(studio, page):
    page.fill("#where", "steering > 0.9")
    page.click("#find")
    until(page, "copycarTubs.at.found?.includes(1)")
    n = page.evaluate("copycarTubs.at.found.reduce((sum, one) => sum + one, 0)")
    page.click("#delete-matching")
    frames(page, 1000 - n)
    assert max(record.action.steering for record in Tub.open(studio.folder / "real").records) <= 0.9
    page.click("#undo")
    frames(page, 1000)
    page.fill("#where", "__import__('os')")
    page.click("#find")
    page.wait_for_selector("#alert:has-text('an expression may use')")


def test_a_damaged_picture_is_said_suggested_and_deleted_with_one_key(studio, page, keep):
    page.evaluate(f"copycarTubs.seek({DAMAGED})")
    page.wait_for_selector(f"#veil:has-text('frame {DAMAGED} cannot be shown')")
    keep(page, "tubs-damaged-picture")
    page.click("#check")
    page.wait_for_selector("#verdicts:has-text('unreadable')")
    while "unreadable" not in page.inner_text("#verdicts [aria-current=true]"):
        page.keyboard.press("n")
    keep(page, "tubs-suggestions", full_page=True)
    page.keyboard.press("a")
    frames(page, 999)
    assert Tub.open(studio.folder / "real").history[-1].why.startswith("check unreadable")
    page.keyboard.press("u")
    frames(page, 1000)


def test_another_program_that_edits_is_noticed(studio, page):
    Tub.open(studio.folder / "real").delete([1, 2, 3], "elsewhere")
    page.wait_for_selector("#alert:has-text('Another program has changed this tub')")
    frames(page, 997)
    page.click("#undo")
    frames(page, 1000)


def test_a_policy_is_compared_and_a_wrong_one_refused(page, keep):
    page.select_option("#policy", "tiny.onnx")
    page.wait_for_selector("#alert:has-text('takes 32x24 pictures, and these are 160x120')")
    page.select_option("#tub", "small")
    until(page, "copycarTubs.at.data.name === 'small'")
    page.select_option("#policy", "tiny.onnx")
    until(page, "copycarTubs.at.opinion !== null")
    assert page.locator("#worst button").count() > 0
    page.locator("#worst button").first.click()
    page.check("#saliency")
    page.wait_for_selector("#numbers:has-text('policy')")
    page.wait_for_timeout(500)
    keep(page, "tubs-policy", full_page=True)
    assert page.locator("#drives button").count() == 2


def test_new_tubs_are_made_and_appear_in_the_list(studio, page):
    page.select_option("#tub", "small")
    until(page, "copycarTubs.at.data.name === 'small'")
    for verb, out, made in (("flip", "mirrored", "mirrored"), ("episodes", "parts", "parts/episode-0")):
        page.select_option("#make-verb", verb)
        page.fill("#make-out", out)
        page.click("#make")
        page.wait_for_selector(f"#made:has-text('made {made}')")
        assert len(Tub.open(studio.folder / made))
    page.fill("#make-out", "../outside")
    page.click("#make")
    page.wait_for_selector("#alert:has-text('is outside')")
    page.click(".tubs-top summary")
    page.wait_for_selector("#list tr:has-text('mirrored'):has-text('healthy')")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/tubs/frames?tub=../../etc", "GET", 422),
        ("/tubs/picture?tub=real&frame=99999", "GET", 422),
        ("/tubs/picture?tub=real&frame=one", "GET", 422),
        ("/tubs/edit?tub=real&verb=delete", "GET", 404),
        ("/tubs/edit", "POST", 422),
    ],
)
def test_what_cannot_be_answered_is_refused(page, path, method, status):
    asked = f"fetch('{path}', {{method: '{method}', body: {'null' if method == 'GET' else repr('{}')}}})"
    assert page.evaluate(f"{asked}.then((answer) => answer.status)") == status


def test_nothing_is_wider_than_a_phone(studio, visit, keep):
    page = visit(f"{studio.link('/tubs')}&tub=real", size=(360, 740), color_scheme="dark")
    until(page, "globalThis.copycarTubs?.stats.seek_ms.length > 0")
    keep(page, "tubs-phone", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
