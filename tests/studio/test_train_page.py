"""The training page in a real browser: real trainings in processes of their own."""

import json
import time

import pytest
from studio_process import StudioProcess

from copycar.learning.run import Run
from copycar.learning.training_process import state_of
from copycar.testing.tub import make_tub

pytestmark = pytest.mark.slow

FACTS = "document.querySelector('#run-facts')?.textContent"
LONG_MS = 120_000


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio") / "work"
    make_tub(folder / "data" / "line", n_frames=120, n_episodes=3, image_size=(24, 32))
    process = StudioProcess(folder, "studio")
    yield process
    process.stop()


def begin(page, name, epochs):
    page.fill("[data-field=epochs]", str(epochs))
    page.fill("[data-field=name]", name)
    page.click("#start")


def comes_to(page, state):
    page.wait_for_function(f"{FACTS}?.startsWith('{state}')", timeout=LONG_MS)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def begin_and_pause(page, name):
    begin(page, name, 500)
    comes_to(page, "training")
    press(page, "Pause")
    comes_to(page, "paused")


def test_a_small_run_is_trained_to_its_end_and_is_remembered(studio, visit, keep):
    page = visit(studio.link("/train"))
    begin(page, "small", 2)
    comes_to(page, "done · epoch 2 of 2")
    run = Run(studio.folder / "runs" / "small")
    assert run.policy.is_file()
    figures = run.epochs()[-1]["figures"]
    told = page.inner_text("#run-facts")
    assert f"error {figures['steering_mae']:.3f}" in told
    assert f"guessing the mean {figures['steering_baseline_mean_mae']:.3f}" in told
    assert page.locator("#held-out img").count() == len(
        json.loads((run.folder / "held_out.json").read_text())["frames"]
    )
    keep(page, "train-done", full_page=True)

    page.fill("[data-field=comment]", "first try")
    page.fill("[data-field=tags]", "line small")
    press(page, "Keep")
    page.wait_for_selector("td:has-text('#line #small')")
    assert run.describe()["comment"] == "first try"


def test_a_run_is_paused_left_alone_found_again_stopped_and_deleted(studio, visit):
    page = visit(studio.link("/train"))
    begin_and_pause(page, "long")
    page.close()

    page = visit(studio.link("/train"))  # another browser
    page.get_by_role("row", name="long").get_by_role("checkbox").wait_for()
    comes_to(page, "paused")
    press(page, "Resume")
    page.wait_for_function(f"{FACTS}?.includes('images/s')", timeout=LONG_MS)  # the first epoch is done
    press(page, "Stop")
    comes_to(page, "interrupted")
    assert (studio.folder / "runs" / "long" / "policy.onnx").is_file()
    press(page, "Delete")
    page.click("[data-answer=delete]")
    page.wait_for_function("!document.body.innerText.includes('long')")
    assert not (studio.folder / "runs" / "long").exists()


def test_several_runs_lie_over_one_another(studio, visit):
    for name, errors in (("one", (0.4, 0.2)), ("two", (0.3, 0.1))):
        run = Run(studio.folder / "runs" / name)
        run.folder.mkdir(parents=True)
        run.update(state="done", n_epochs=2)
        for number, error in enumerate(errors, 1):
            figures = {"steering_mae": error, "steering_baseline_mean_mae": 0.5}
            run.log(
                {"number": number, "loss": error, "images_per_s": 1, "seconds": 1, "figures": figures, "is_best": True}
            )
    page = visit(studio.link("/train"))
    page.wait_for_selector("tbody td:has-text('two')")
    for name in ("one", "two"):
        box = page.locator(f"tr:has(td:text-is('{name}')) .q-checkbox")
        if box.get_attribute("aria-checked") != "true":
            box.click()
    page.wait_for_function(
        "document.querySelectorAll('.train-charts svg')[1].textContent.includes('one: guess the mean')"
    )
    drawn = page.locator(".train-charts svg").nth(1).text_content()
    assert "two: guess the mean" in drawn


def test_the_preview_follows_the_settings(studio, visit, keep):
    page = visit(studio.link("/train"), size=(360, 740), color_scheme="dark")
    page.locator("[data-field=augmentation-preview] .q-item").first.click()
    picture = page.locator("img[alt^='frames as recorded'][src^='data:']")
    picture.wait_for()
    before = picture.get_attribute("src")
    page.get_by_role("switch", name="mirror").click()
    page.wait_for_function(
        "before => document.querySelector('img[alt^=\"frames as recorded\"]').src !== before", arg=before
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    keep(page, "train-phone-dark", full_page=True)


def test_what_cannot_be_trained_is_said(studio, visit):
    page = visit(studio.link("/train"))
    begin(page, "../../outside", 1)
    page.get_by_text("is outside").wait_for()
    assert not (studio.folder.parent / "outside").exists()


def test_a_paused_training_ends_with_the_studio_however_that_ends(studio, visit):
    page = visit(studio.link("/train"))
    begin_and_pause(page, "left")
    studio.kill()
    folder, until_s = studio.folder / "runs" / "left", time.monotonic() + LONG_MS / 1000
    while state_of(folder) != "interrupted":
        assert time.monotonic() < until_s
        time.sleep(0.1)  # another process has to notice
