"""The car page in a real browser, against a second real server that drives a fake car."""

import hashlib
import json
import tomllib
import urllib.error
import urllib.request

import pytest
from studio_process import StudioProcess

from copycar.core.frame import Action
from copycar.studio.car.known import KnownCars
from copycar.studio.car.link import CarLink
from copycar.studio.certificate import own_certificate
from copycar.testing.policy import write_policy
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub

pytestmark = pytest.mark.slow

TUB = "data/monday"
PLACE = "fake_car:FakeCar-v0"


@pytest.fixture(scope="module")
def car(tmp_path_factory):
    folder = tmp_path_factory.mktemp("car") / "car"
    make_tub(folder / TUB, n_frames=30, image_size=(24, 32))
    process = StudioProcess(folder, "drive", PLACE, "--web")
    yield process
    process.stop()


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio") / "work"
    folder.mkdir()
    write_policy(folder / "line.onnx")
    process = StudioProcess(folder, "studio")
    yield process
    process.stop()


@pytest.fixture
def page(car, studio, visit):
    page = visit(studio.link("/car"))
    page.fill("[data-field=address]", car.link("/"))
    page.click("#car-connect")
    page.wait_for_selector("#car-health")
    told(page, f"driving {PLACE}")
    return page


@pytest.fixture
def link(car):
    link = CarLink(f"localhost:{car.port}", car.token)
    yield link
    link.close()


def told(page, words):
    page.wait_for_function("words => document.body.innerText.includes(words)", arg=words)


def test_the_car_s_health_is_shown(page, car, link):
    page.wait_for_function("/\\d+\\.\\d Hz/.test(document.querySelector('#car-health').innerText)")
    assert link.health().told["rate_hz"] > 5


def test_sliders_calibrate_at_once_and_are_saved_when_asked(page, car, link, keep):
    (car.folder / "copycar.toml").write_text("[camera]\nheight_m = 0.2\n")
    page.locator("[data-calibration=steering_right]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    told(page, "taken, not saved yet")
    assert "calibration" not in (car.folder / "copycar.toml").read_text()
    page.get_by_role("button", name="Full right").hover()
    page.mouse.down()
    told(page, "the motors get steering +0.90")
    page.mouse.up()
    assert link.calibration()["steering_right"] == pytest.approx(0.9)
    page.click("#calibration-save")
    told(page, "saved in the car's copycar.toml")
    kept = tomllib.loads((car.folder / "copycar.toml").read_text())
    assert kept["calibration"]["steering_right"] == pytest.approx(0.9)
    assert kept["camera"] == {"height_m": 0.2}
    assert link.hold(Action(1.0, 0.0))[0] == pytest.approx(0.9)
    keep(page, "car", full_page=True)


def test_a_recording_is_pulled_and_a_policy_is_pushed(page, car, studio):
    page.locator(".car-row button").first.click()
    told(page, "every file is verified")
    here = studio.folder / "cars" / f"localhost-{car.port}" / TUB
    assert len(Tub.open(here)) == 30
    page.click("#car-send")
    told(page, "the car has verified it")
    hashes = [
        hashlib.sha256(path.read_bytes()).digest()
        for path in (studio.folder / "line.onnx", car.folder / "policies/line.onnx")
    ]
    assert hashes[0] == hashes[1]


def test_a_car_that_is_driven_from_its_own_page_is_not_held(car, visit, link):
    page = visit(car.link("/drive"))
    page.wait_for_function("globalThis.copycarDrive?.says.state.is_driver")
    with pytest.raises(Exception, match="somebody drives this car"):
        link.hold(Action(1.0, 0.0))


@pytest.mark.parametrize("token", ["", "wrong"])
def test_nobody_gets_anything_of_a_car_without_its_token(car, token):
    for path, body in (("", None), ("/tubs", None), ("/calibration", b"{}")):
        request = urllib.request.Request(f"{car.origin}/api/car{path}", data=body)
        request.add_header("Authorization", f"Bearer {token}")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 401
        refused.value.close()


def test_a_foreign_page_cannot_calibrate_a_car(car):
    request = urllib.request.Request(f"{car.origin}/api/car/calibration", data=json.dumps({"values": {}}).encode())
    request.add_header("Authorization", f"Bearer {car.token}")
    request.add_header("Origin", "http://elsewhere.example")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403
    refused.value.close()


def test_a_wrong_token_is_said(car, studio, visit):
    page = visit(studio.link("/car"))
    page.fill("[data-field=address]", f"localhost:{car.port}")
    page.fill("[data-field=token]", "wrong")
    page.click("#car-connect")
    told(page, "the car does not know this token")


@pytest.fixture
def secure(tmp_path):
    folder = tmp_path / "secure"
    folder.mkdir()
    process = StudioProcess(folder, "drive", PLACE, "--web", "--https")
    yield process
    process.stop()


def test_a_car_with_a_certificate_of_its_own_is_trusted_by_its_fingerprint_and_remembered(
    secure, studio, visit, tmp_path, keep
):
    page = visit(studio.link("/car"))
    page.fill("[data-field=address]", secure.link("/"))
    page.click("#car-connect")
    shown = page.locator("#car-fingerprint")
    assert f"proof   {shown.inner_text()}\n" in secure.log.read_text()
    keep(page, "car-fingerprint")
    page.get_by_role("button", name="Do not connect").click()
    shown.wait_for(state="detached")
    assert page.locator("#car-health").count() == 0
    page.click("#car-connect")
    page.click("#car-trust")
    told(page, f"driving {PLACE}")

    page.reload()
    address = page.locator("[data-field=address]")
    page.wait_for_function("document.querySelector('[data-field=address]').value")
    assert address.input_value() == secure.origin
    known = studio.folder.parent / "state/copycar/cars.json"
    assert secure.token not in known.read_text()
    page.fill("[data-field=token]", secure.token)
    page.click("#car-connect")
    page.wait_for_selector("#car-health")
    assert shown.count() == 0

    other, _ = own_certificate(tmp_path / "other", ["localhost"])
    KnownCars(known.parent).remember(secure.origin, other.read_text())
    page.click("#car-connect")
    told(page, "another certificate than the one that you trusted")
