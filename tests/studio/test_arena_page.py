"""The arena in a real browser: two policies on the same frames and on the same track."""

import pytest
from studio_process import StudioProcess

from copycar.testing.policy import write_policy
from copycar.testing.tub import make_tub

pytestmark = pytest.mark.slow

DRIVES_MS = 120_000


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio") / "work"
    make_tub(folder / "data", n_frames=60, image_size=(60, 80))
    for name, gain in (("gentle", 6.0), ("hard", 25.0)):
        write_policy(folder / f"{name}.onnx", (60, 80), gain=gain)
    write_policy(folder / "other-camera.onnx", (24, 32))
    process = StudioProcess(folder, "studio")
    yield process
    process.stop()


def test_two_policies_stand_beside_the_driver_where_they_disagree_most(studio, visit, keep):
    page = visit(studio.link("/arena"), size=(360, 740), color_scheme="dark")
    page.click("#compare")
    page.wait_for_function("document.querySelectorAll('.arena-card img[data-heat=yes]').length === 2")
    told = page.locator(".arena-card").all_inner_texts()
    assert [text.split()[0] for text in told] == ["driver", "gentle", "hard"]
    gentle, hard = (abs(float(text.split()[2])) for text in told[1:])
    apart = page.locator(".arena-disputed button").first.inner_text()
    assert float(apart.split()[-1]) == pytest.approx(hard - gentle, abs=0.01)
    plain, *heated = (image.get_attribute("src") for image in page.locator(".arena-card img").all())
    assert len({plain, *heated}) == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    keep(page, "arena-phone-dark", full_page=True)


def test_the_frames_are_stepped_by_keys(studio, visit):
    page = visit(studio.link("/arena"))
    page.click("#compare")
    page.wait_for_selector(".arena-card")
    page.locator("#arena-frame").focus()
    before = int(page.inner_text("#arena-number").split()[-1])
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "text => document.querySelector('#arena-number').textContent === text", arg=f"frame {before - 1}"
    )


def test_two_policies_race_as_ghosts_with_their_score_cards(studio, visit, keep):
    page = visit(studio.link("/arena"))
    page.click("#race")
    page.wait_for_selector(".arena-scores", timeout=DRIVES_MS)
    assert page.locator(".arena-scores thead").inner_text().split() == ["Score", "gentle", "hard"]
    assert "Autonomy" in page.locator(".arena-scores").inner_text()
    places = "[...document.querySelectorAll('circle.ghost')].map((disc) => disc.getAttribute('transform'))"
    before = page.evaluate(places)
    page.locator(".arena-ghosts input").fill("3")
    after = page.evaluate(places)
    assert len(after) == 2
    assert all(was != now for was, now in zip(before, after, strict=True))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.querySelector('.arena-ghosts input').value) > 3.2")
    keep(page, "arena", full_page=True)


def test_a_policy_of_another_camera_is_named(studio, visit):
    page = visit(studio.link("/arena"))
    page.locator("[data-field=policies]").click()
    page.get_by_role("option", name="other-camera.onnx").click()
    page.keyboard.press("Escape")
    page.click("#compare")
    page.get_by_text("pictures, and these are 80x60").wait_for()
