"""The drive page in a real browser, against the real server and the built-in track."""

import json
import time
from contextlib import contextmanager

import pytest
from studio_process import StudioProcess

from copycar.testing.policy import write_policy
from copycar.tubs.tub import Tub

pytestmark = pytest.mark.slow

HEADER = "copycarDrive.says.header"
RIGHT, LEFT = "ArrowRight", "ArrowLeft"


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio") / "work"
    folder.mkdir()
    write_policy(folder / "fits.onnx", (120, 160), gain=2.0)
    write_policy(folder / "other-camera.onnx", (24, 32))
    process = StudioProcess(folder, "studio")
    yield process
    process.stop()


def start(page, place="track:oval", rate=20):
    page.wait_for_function("globalThis.copycarDrive?.says.state.is_driver")
    page.fill("#environment", place)
    page.select_option("#rate-hz", str(rate))
    page.select_option("#policy", "")
    page.click("#end")
    until(page, "['idle', 'ended'].includes(copycarDrive.says.state.phase) && copycarDrive.says.state.policy === ''")
    page.click("#start")
    until(page, "copycarDrive.says.state.phase === 'driving' && copycarDrive.says.header?.source === 'human'")


@pytest.fixture
def page(studio, visit):
    page = visit(studio.link("/drive"))
    start(page)
    return page


def until(page, condition):
    page.wait_for_function(condition, polling=20)


def by(page, source):
    until(page, f"{HEADER}.source === '{source}'")


@contextmanager
def held(page, key):
    page.keyboard.down(key)
    yield
    page.keyboard.up(key)


class Keys:
    """Follows the line by pressing and releasing arrow keys, as a person would."""

    def __init__(self, page):
        self.page, self.down = page, ""

    def steer(self):
        told, (steering, _) = self.page.evaluate(f"[{HEADER}.told, {HEADER}.action]")
        more = 1.5 * told["heading_error_rad"] - 1.5 * told["cross_track_error_m"] - steering
        wanted = RIGHT if more > 0.15 else LEFT if more < -0.15 else ""
        if wanted != self.down:
            self.press(wanted)
        return told

    def press(self, key):
        if self.down:
            self.page.keyboard.up(self.down)
        if key:
            self.page.keyboard.down(key)
        self.down = key


def test_a_lap_by_keys_is_recorded_and_its_last_seconds_are_erased(studio, page, keep):
    page.fill("#tub", "data/lap")
    page.check("[name=record][value=on]")
    until(page, "copycarDrive.says.state.recording.when === 'on'")
    with held(page, RIGHT):  # to full lock, standing: how long a key is held in the lap depends on how the car swings
        until(page, f"{HEADER}.action[0] > 0.9 && {HEADER}.recorded > 0")
    keys = Keys(page)
    with held(page, "ArrowUp"):
        last = page.evaluate(f"{HEADER}.number") + 90 * 20  # 90 s of the track's own time, however busy the machine
        while keys.steer()["lap"] < 1:
            assert page.evaluate(f"{HEADER}.number") < last
        keep(page, "drive-lap-by-keys")
    keys.press("")
    before = page.evaluate(f"{HEADER}.recorded")
    page.fill("#erase-s", "3")
    page.click("#erase")
    until(page, f"{HEADER}.recorded < {before} - 20")
    page.check("[name=record][value=off]")
    until(page, "copycarDrive.says.state.recording.when === 'off'")
    page.click("#end")
    until(page, "copycarDrive.says.state.phase === 'ended'")
    tub = Tub.open(studio.folder / "data/lap")
    assert len(tub) > 100
    assert len(tub.deleted) == 60
    assert {record.values["user/mode"] for record in tub.records} == {"user"}
    assert abs(tub.records.actions[:, 0]).max() > 0.9


def test_a_policy_is_swapped_in_touching_takes_over_and_corrections_are_marked(studio, page, keep):
    page.select_option("#policy", "expert")
    until(page, f"{HEADER}.policy !== null")
    by(page, "human")  # it rides along
    page.fill("#behavior-names", "Left_Lane, Right_Lane")
    page.keyboard.press("Tab")
    page.click("#behaviors button:has-text('Left_Lane')")
    until(page, "copycarDrive.says.state.controls.behavior === 'Left_Lane'")
    page.fill("#tub", "data/corrected")
    page.check("[name=record][value=on]")
    page.check("[name=mode][value=autonomous]")
    by(page, "policy")
    page.wait_for_timeout(800)
    with held(page, "ArrowRight"):
        by(page, "correction")
        until(page, f"{HEADER}.action[0] > 0.9")
        keep(page, "drive-takeover")
    by(page, "policy")
    page.select_option("#policy", "fits.onnx")
    until(page, "copycarDrive.says.state.policy === 'fits.onnx'")
    by(page, "policy")
    page.check("[name=record][value=off]")
    until(page, "copycarDrive.says.state.recording.when === 'off'")
    page.click("#end")
    until(page, "copycarDrive.says.state.phase === 'ended'")
    records = Tub.open(studio.folder / "data/corrected").records
    marks, modes = records.values_of("user/correction"), records.values_of("user/mode")
    assert {True, False} == set(marks)
    assert set(records.values_of("behavior/label")) == {"Left_Lane"}
    assert all(mode == "user" for mark, mode in zip(marks, modes, strict=True) if mark)


def test_a_policy_for_another_camera_is_refused_while_the_drive_goes_on(page):
    page.select_option("#policy", "other-camera.onnx")
    page.wait_for_selector("#alert:has-text('takes 32x24 pictures, and this camera gives 160x120')")
    by(page, "human")
    assert page.input_value("#policy") == ""


def test_started_with_a_policy_the_track_gets_its_camera(studio, page):
    page.click("#end")
    until(page, "copycarDrive.says.state.phase === 'ended'")
    page.select_option("#policy", "other-camera.onnx")
    page.click("#start")
    until(page, "document.getElementById('picture').width === 32")
    page.select_option("#policy", "")
    until(page, "copycarDrive.says.state.policy === ''")


def test_the_stop_holds_until_it_is_released(page, keep):
    with held(page, "ArrowUp"):
        until(page, f"{HEADER}.action[1] > 0.4")
        page.keyboard.press("Space")
        by(page, "nobody")
        assert page.evaluate(f"{HEADER}.action") == [0, 0]
        page.wait_for_selector("#seat:has-text('STOPPED')")
        keep(page, "drive-stopped")
    page.click("#go")
    by(page, "human")


def test_one_drives_and_the_others_watch_but_may_stop(studio, page, visit, keep):
    other = visit(studio.link("/drive"))
    other.wait_for_selector("#seat:has-text('You watch')")
    assert other.is_disabled("#start")
    until(other, f"{HEADER}?.number > 0")
    other.evaluate("copycarDrive.link.send({do: 'change', value: {throttle_max: 1}})")
    other.wait_for_selector("#alert:has-text('somebody else drives')")
    other.evaluate("copycarDrive.link.send({hand: {steering: 1, throttle: 1, touching: true, number: 1}})")
    keep(other, "drive-watcher")
    by(page, "human")
    assert page.evaluate(f"{HEADER}.action") == [0, 0]
    other.click("#stop")
    by(page, "nobody")
    page.click("#give")
    other.click("#take")
    other.wait_for_selector("#seat:has-text('You drive')")
    page.wait_for_selector("#seat:has-text('You watch')")


def watching(visit, studio):
    """Open a second page that notes when the car last had throttle, in milliseconds since 1970."""
    other = visit(studio.link("/drive"))
    until(other, f"{HEADER}?.action[1] > 0.4")
    moment = "performance.timeOrigin + performance.now()"
    other.evaluate(f"setInterval(() => {{ if ({HEADER}.action[1] > 0) globalThis.drivenMs = {moment}; }}, 2)")
    return other


HIDE = "Object.defineProperty(document, 'hidden', {value: true}); document.dispatchEvent(new Event('visibilitychange'))"


NEVER_AGAIN = "copycarDrive.link.open = () => {}; copycarDrive.link.socket.close();"  # or it drives on once it wakes


@pytest.mark.parametrize("how", ["closed", "hidden", "frozen"])
def test_the_car_stops_when_the_page_is_gone(studio, page, visit, how):
    page.check("#constant")  # the hardest case: it drives without a finger on anything
    until(page, f"{HEADER}.action[1] > 0.4")
    other = watching(visit, studio)
    began_ms = time.time() * 1000
    if how == "closed":
        page.context.close()
    elif how == "hidden":
        page.evaluate(HIDE)
    else:  # a page whose script hangs, as on a phone that sleeps: nothing is said, the socket stays open
        page.evaluate(f"setTimeout(() => {{ const end = Date.now() + 1500; while (Date.now() < end); {NEVER_AGAIN} }})")
    other.wait_for_timeout(1300)
    until(other, "copycarDrive.says.state.stood_after_ms !== null")
    took_ms = other.evaluate("drivenMs") - began_ms
    stood_ms = other.evaluate("copycarDrive.says.state.stood_after_ms")
    print(f"{how}: the car stood after {stood_ms:.0f} ms, seen after {took_ms:.0f} ms")  # noqa: T201 - for docs/studio.md
    assert stood_ms <= 300  # on the server's clock, at the motors' door
    assert took_ms < 1000  # as another page sees it


def test_a_killed_server_is_said_and_a_new_one_is_found_again(studio, visit, keep):
    page = visit(studio.link("/drive"))
    start(page)
    studio.kill()
    page.wait_for_selector("#veil:has-text('without it the car stops')")
    keep(page, "drive-server-gone")
    studio.start()
    page.wait_for_selector("#veil:has-text('Choose a place')")
    start(page)


def test_other_sites_and_wrong_tokens_are_kept_out(studio, visit, keep):
    stranger = visit(f"{studio.origin}/drive?token=wrong")
    assert stranger.is_visible("input[name=token]")
    keep(stranger, "wrong-token")
    own = visit(studio.link("/drive"))
    own.wait_for_selector("#start")
    evil = own.context.new_page()
    evil.goto("about:blank")
    code = evil.evaluate(
        "(port) => new Promise((done) => { const socket = new WebSocket(`ws://localhost:${port}/drive/socket`);"
        "socket.onopen = () => done('open'); socket.onclose = () => done('closed'); })",
        studio.port,
    )
    assert code == "closed"


PAD = """
const buttons = [0, 1, 2].map(() => ({pressed: false, value: 0}));
globalThis.pad = {id: "Odd pad", mapping: "", connected: true, axes: [0, 0, 0], buttons};
navigator.getGamepads = () => [globalThis.pad];
"""


def test_an_unknown_gamepad_is_mapped_by_moving_it_and_then_drives(studio, visit):
    page = visit(studio.link("/drive"), script=PAD)
    start(page)
    page.wait_for_selector("#pad-says:has-text('Unknown gamepad')")
    page.click("#pad-map")
    for said, move, back in (
        ("fully to the right", "pad.axes[2] = -1", "pad.axes[2] = 0"),
        ("fully forward", "pad.axes[0] = 1", "pad.axes[0] = 0"),
        ("emergency stop", "pad.buttons[1].pressed = true", "pad.buttons[1].pressed = false"),
        ("recording", "pad.buttons[2].pressed = true", "pad.buttons[2].pressed = false"),
    ):
        page.wait_for_selector(f"#pad-says:has-text('{said}')")
        page.wait_for_timeout(80)  # at rest for a few looks
        page.evaluate(move)
        page.wait_for_timeout(80)
        page.evaluate(back)
    page.wait_for_selector("#pad-says:has-text('Gamepad: Odd pad')")
    page.evaluate("pad.axes = [0.5, 0, -0.8]")
    until(page, f"Math.abs({HEADER}.action[0] - 0.8) < 0.01 && Math.abs({HEADER}.action[1] - 0.25) < 0.01")
    page.evaluate("pad.buttons[1].pressed = true")
    by(page, "nobody")


def test_on_a_phone_the_stick_drives_by_touch_and_by_tilt_and_nothing_is_wider_than_the_screen(studio, visit, keep):
    page = visit(studio.link("/drive"), size=(360, 740), has_touch=True, color_scheme="dark")
    start(page)
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("#stick").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + box["height"] / 4, middle[1] - box["height"] / 4)
    until(page, f"Math.abs({HEADER}.action[0] - 0.5) < 0.05 && Math.abs({HEADER}.action[1] - 0.25) < 0.05")
    keep(page, "drive-phone")
    page.mouse.up()
    until(page, f"{HEADER}.action[1] === 0")
    page.check("#tilt")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("dispatchEvent(new DeviceOrientationEvent('deviceorientation', {alpha: 0, beta: 0, gamma: -35}))")
    page.mouse.move(*middle)
    page.mouse.down()
    until(page, f"{HEADER}.action[0] === -1")
    page.mouse.up()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_place_that_does_not_exist_is_said(studio, visit, keep):
    page = visit(studio.link("/drive"))
    until(page, "globalThis.copycarDrive?.says.state.is_driver")
    page.fill("#environment", "track:ovall")
    page.click("#start")
    page.wait_for_selector("#alert:has-text('did you mean')")
    keep(page, "drive-error")


def test_drive_web_opens_just_this_page_and_reports_at_the_end(tmp_path, visit):
    folder = tmp_path / "car"
    folder.mkdir()
    arguments = ("drive", "oval", "--web", "--json", "--driver", "expert", "--record", "data", "--rate", "30")
    process = StudioProcess(folder, *arguments)
    page = visit(process.link("/drive"))
    by_expert = f"globalThis.copycarDrive && {HEADER}?.policy && {HEADER}.recorded > 10"
    until(page, by_expert)
    assert page.locator("nav a").count() == 1
    report = json.loads(process.stop())
    assert report["tub"] == "data"
    assert report["frames"] >= report["recorded"] > 10
    assert len(Tub.open(folder / "data")) == report["recorded"]


STANDARD_PAD = """
const buttons = Array.from({length: 17}, () => ({pressed: false, value: 0}));
globalThis.pad = {id: "Xbox Controller", mapping: "standard", connected: true, axes: [0, 0, 0, 0], buttons};
navigator.getGamepads = () => [null, globalThis.pad];
"""


def test_a_known_gamepad_drives_at_once_by_the_standard_mapping(studio, visit):
    page = visit(studio.link("/drive"), script=STANDARD_PAD)
    start(page)
    page.wait_for_selector("#pad-says:has-text('Gamepad: Xbox Controller')")
    page.evaluate("pad.axes = [-0.5, 0, 0, -0.8]")  # left stick left, right stick up
    until(page, f"Math.abs({HEADER}.action[0] + 0.5) < 0.01 && Math.abs({HEADER}.action[1] - 0.4) < 0.01")
    page.evaluate("pad.axes = [0.05, 0, 0, 0.05]; pad.buttons[7].value = 1")  # at rest, and the right trigger
    until(page, f"{HEADER}.action[0] === 0 && {HEADER}.action[1] === 0.5")
    page.evaluate("pad.buttons[7].value = 0; pad.buttons[6].value = 0.5")
    until(page, f"{HEADER}.action[1] === -0.25")
    page.evaluate("pad.buttons[6].value = 0")
    page.select_option("#policy", "expert")
    until(page, "copycarDrive.says.state.policy === 'expert'")
    for button, comes in ((8, "controls.mode === 'assisted'"), (1, "recording.when === 'on'")):
        page.evaluate(f"pad.buttons[{button}].pressed = true")
        until(page, f"copycarDrive.says.state.{comes}")
        page.evaluate(f"pad.buttons[{button}].pressed = false")
    until(page, f"{HEADER}.recorded > 10")
    page.fill("#erase-s", "100")
    page.keyboard.press("Tab")
    page.evaluate("pad.buttons[1].pressed = true")
    until(page, "copycarDrive.says.state.recording.when === 'off'")
    page.evaluate("pad.buttons[3].pressed = true")
    until(page, f"{HEADER}.recorded === 0")
    page.evaluate("pad.buttons[0].pressed = true")
    by(page, "nobody")
    page.evaluate("pad.connected = false")
    page.wait_for_selector("#pad-says:has-text('No gamepad')")
