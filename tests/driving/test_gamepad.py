import os

import pytest

from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import Action
from copycar.driving.drivers import gamepad
from copycar.driving.drivers.gamepad import GamepadDriver, TakeOverDriver, make_human, usual_settings
from copycar.driving.drivers.keyboard import KeyboardDriver
from copycar.driving.gamepad.calibrate import measured
from copycar.driving.gamepad.pad import Reading
from copycar.driving.gamepad.pygame_pad import GenericPad, KnownPad, open_pad
from copycar.driving.gamepad.settings import GamepadSettings, as_text, load_settings
from copycar.driving.loop import drive
from copycar.driving.recorder import Recorder
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleTrack
from copycar.testing.gamepad import FakePad, stick
from copycar.testing.writer import ListWriter


@pytest.mark.parametrize(
    ("settings", "reading", "action"),
    [
        ({}, stick(1.0, right_trigger=0.54), (1.0, 0.5)),
        ({}, stick(0.05, left_trigger=1.0), (0.0, -1.0)),
        ({}, stick(0.0, "a"), (0.0, 1.0)),
        ({"throttle": "left_y"}, stick(0.0, left_y=-1.0), (0.0, 1.0)),
        ({"throttle": "buttons"}, stick(-1.0, "x", right_trigger=1.0), (-1.0, -1.0)),
        ({"gain": 2.0, "dead_zone": 0.0}, stick(-0.25), (-0.5, 0.0)),
        ({"steering": "right_x"}, stick(1.0, right_x=-1.0), (-1.0, 0.0)),
    ],
)
def test_what_a_reading_means_is_the_settings_business(settings, reading, action):
    assert GamepadSettings(**settings).action(reading) == pytest.approx(Action(*action), abs=1e-6)


def test_calibration_finds_the_middle_and_the_ends_of_a_worn_stick(tmp_path):
    found = measured([stick(0.1)] * 5, [stick(-0.7), stick(0.8), stick(0.1)])
    assert found.keys() == {"left_x"}
    settings = GamepadSettings(calibration=found, dead_zone=0.0)
    assert [settings.action(stick(x)).steering for x in (-0.7, 0.1, 0.8)] == [-1.0, 0.0, 1.0]
    file = tmp_path / "gamepad.toml"
    file.write_text(as_text(settings))
    assert load_settings(file) == settings


def test_a_calibration_without_movement_is_refused():
    with pytest.raises(CopycarError, match="no stick was moved"):
        measured([stick(0.1)], [stick(0.12)])


def test_no_gamepad_is_told_and_a_human_gets_the_keyboard(monkeypatch):
    def none():
        raise DeviceError("no gamepad is plugged in")

    monkeypatch.setattr(gamepad.GamepadDriver.__init__, "__defaults__", (none, None))
    with pytest.raises(DeviceError, match="no gamepad"):
        gamepad.make(CircleTrack()).reset()
    assert isinstance(make_human(CircleTrack()), KeyboardDriver)


def test_a_gamepad_that_is_unplugged_stops_the_car_and_loses_no_frame():
    pad, environment, writer = FakePad([stick(0.2, "a")] * 12 + [None]), CircleTrack(), ListWriter()
    with pytest.raises(DeviceError, match="what was recorded is safe"):
        drive(environment, GamepadDriver(lambda: pad), recorder=Recorder(writer))
    assert (len(writer.frames), writer.is_closed, environment.stops, pad.is_open) == (12, True, 1, False)
    assert {frame.decision.source for frame in writer.frames} == {"human"}


def test_a_button_ends_the_drive():
    pad = FakePad([stick(), stick(), stick(0.0, "back")])
    assert drive(CircleTrack(), GamepadDriver(lambda: pad)).stopped_by == "driver"


def test_holding_the_button_takes_over_and_letting_go_gives_back():
    policy = ScriptedDriver(lambda *_: Action(-0.5, 0.1))
    driver = TakeOverDriver(policy, GamepadDriver(lambda: FakePad([stick(), held, held, stick()])))
    driver.reset()
    decisions = [driver.act({}, {}) for _ in range(4)]
    assert [decision.source for decision in decisions] == ["policy", "human", "human", "policy"]
    assert decisions[1].label.steering == pytest.approx(1.0)
    assert driver.n_taken == 1
    assert policy.tick == 4  # a policy that remembers must not miss pictures
    driver.release()
    assert policy.releases == 1


held = stick(1.0, "left_shoulder")


def test_settings_are_found_in_the_folder_and_by_the_variable(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COPYCAR_GAMEPAD", raising=False)
    assert usual_settings() == GamepadSettings()
    (tmp_path / "gamepad.toml").write_text("gain = 2.0\n")
    assert usual_settings().gain == 2.0
    (tmp_path / "other.toml").write_text("gian = 2.0\n")
    monkeypatch.setenv("COPYCAR_GAMEPAD", str(tmp_path / "other.toml"))
    with pytest.raises(CopycarError, match="did you mean gain"):
        usual_settings()


class Controller:
    """What SDL gives for a pad that it knows."""

    name, there = "Wireless Controller", True

    def get_axis(self, number):
        return {0: 32767, 5: 16384}.get(number, 0)

    def get_button(self, number):
        return number in {0, 9}

    def attached(self):
        return self.there

    def quit(self):
        self.there = False


class Joystick:
    """What SDL gives for a pad that it does not know: two axes, three buttons."""

    def get_name(self):
        return "USB Gamepad"

    def get_numaxes(self):
        return 2

    def get_numbuttons(self):
        return 3

    def get_axis(self, number):
        return [-1.0, 0.25][number]

    def get_button(self, number):
        return number == 2

    def quit(self):
        pass


def test_known_pads_come_under_the_names_of_an_xbox_pad():
    controller = Controller()
    pad = KnownPad(controller, lambda: None)
    reading = pad.read()
    assert reading.axes["left_x"] == 1.0
    assert reading.axes["right_trigger"] == pytest.approx(0.5, abs=0.001)
    assert reading.buttons == {"a", "left_shoulder"}
    pad.close()
    assert pad.read() is None


def test_unknown_pads_are_read_by_number():
    pad = GenericPad(Joystick(), lambda: None, lambda: True)
    assert pad.read() == Reading({"left_x": -1.0, "left_y": 0.25}, frozenset({"x"}))
    assert GenericPad(Joystick(), lambda: None, lambda: False).read() is None


def test_without_a_gamepad_pygame_says_so(monkeypatch):
    pygame = pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(pygame.joystick, "get_count", lambda: 0)
    with pytest.raises(DeviceError, match="no gamepad is plugged in"):
        open_pad()


def test_a_game_that_is_started_after_looking_for_a_gamepad_may_draw(monkeypatch):
    """SuperTuxKart and the emulator ask SDL for a screen, and inherit what this process says of it."""
    pygame = pytest.importorskip("pygame")
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.setattr(pygame.joystick, "get_count", lambda: 0)
    pygame.display.quit()
    with pytest.raises(DeviceError, match="no gamepad is plugged in"):
        open_pad()
    assert pygame.display.get_driver() == "dummy"
    assert "SDL_VIDEODRIVER" not in os.environ
