import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.clock import FakeClock
from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import STOP, Action
from copycar.environments.hud import Rectangle
from copycar.environments.resize import resized
from copycar.environments.screen import uinput_pad
from copycar.environments.screen.controls import KeyControls, PadControls
from copycar.environments.screen.drag import between
from copycar.environments.screen.human_keys import HumanKeys
from copycar.environments.screen.options import SHIPPED, Keys, Pad, options_for
from copycar.environments.screen.pulses import Pulses
from copycar.environments.screen.uinput_pad import UinputPad
from copycar.environments.screen.windows_keyboard import WindowsKeyboard
from copycar.environments.screen.windows_pad import WindowsPad
from copycar.testing.keyboard import FakeKeyboard


@given(st.floats(-1, 1).filter(lambda value: abs(value) > 0.02), st.integers(20, 200))
def test_the_share_of_time_that_a_key_is_held_is_the_steering(wanted, n_moments):
    pulses = Pulses()
    pressed = [pulses.next(wanted) for _ in range(n_moments)]
    assert abs(sum(pressed) / n_moments - wanted) <= 1.0 / n_moments
    assert set(pressed) <= {0, int(np.sign(wanted))}


def test_keys_are_pressed_in_pulses_and_all_let_go_at_the_end():
    keyboard = FakeKeyboard()
    controls = KeyControls(keyboard, Keys(), 1 / 30, starts=False)
    controls.apply(Action(-0.5, 1.0))
    held = []
    for _ in range(10):
        controls.pulse()
        held.append(set(keyboard.held))
    assert sum("Left" in keys for keys in held) == 5
    assert all("Up" in keys and "Right" not in keys for keys in held)
    controls.close()
    controls.close()
    assert not keyboard.held
    assert not keyboard.is_open


def test_letting_go_is_at_once():
    keyboard = FakeKeyboard()
    controls = KeyControls(keyboard, Keys(gas="w"), 1 / 30, starts=False)
    controls.apply(Action(1.0, 1.0))
    controls.pulse()
    assert keyboard.held == {"Right", "w"}
    controls.let_go()
    assert not keyboard.held


@pytest.fixture
def uinput(tmp_path):
    """Return a virtual pad that writes into a file, the file, and what was told to the kernel."""
    told, device = [], tmp_path / "uinput"
    device.touch()
    return UinputPad(device, lambda file, request, value: told.append((request, value))), device, told


def test_the_kernel_hears_of_an_xbox_pad_with_sticks_triggers_and_buttons(uinput):
    pad, _, told = uinput
    requests = [request for request, _ in told]
    assert requests[-2:] == [uinput_pad.UI_DEV_SETUP, uinput_pad.UI_DEV_CREATE]
    assert struct.unpack_from("<HHH", told[-2][1]) == (3, 0x045E, 0x028E)
    assert requests.count(uinput_pad.UI_SET_KEYBIT) == 8
    assert requests.count(uinput_pad.UI_ABS_SETUP) == 6
    pad.close()
    pad.close()
    assert told[-1][0] == uinput_pad.UI_DEV_DESTROY
    assert [request for request, _ in told].count(uinput_pad.UI_DEV_DESTROY) == 1


def test_the_pad_moves_as_the_action_says(uinput):
    pad, device, _ = uinput
    PadControls(pad, Pad(stick=0.63, gas="rt", brake="x")).apply(Action(-1.0, 0.5))
    data = device.read_bytes()
    size = struct.calcsize("@llHHi")
    events = [struct.unpack("@llHHi", data[start : start + size])[2:] for start in range(0, len(data), size)]
    assert (3, 0, round(-0.63 * 32767)) in events  # the stick's x
    assert (3, 5, 128) in events  # the right trigger
    assert (1, 0x133, 0) in events  # button x
    assert events[-1] == (0, 0, 0)


def test_a_kernel_without_uinput_says_what_to_do(tmp_path):
    with pytest.raises(DeviceError, match='controls = "keys"'):
        UinputPad(tmp_path / "missing")


class Recording:
    """Notes every call, as any module would be called."""

    def __init__(self, answers=None):
        self.calls, self._answers = [], answers or {}

    def __getattr__(self, name):
        def call(*given, **named):
            self.calls.append((name, *given, *named.items()))
            return self._answers.get(name, 0)

        return call


def test_the_pad_of_windows_gets_the_same():
    inner = Recording()

    class Module:
        VX360Gamepad = staticmethod(lambda: inner)
        XUSB_BUTTON = type("Buttons", (), {"XUSB_GAMEPAD_A": "A", "XUSB_GAMEPAD_X": "X"})

    PadControls(WindowsPad(Module), Pad()).apply(Action(0.5, -1.0))
    assert ("left_joystick_float", ("x_value_float", 0.5), ("y_value_float", 0.0)) in inner.calls
    assert ("release_button", ("button", "A")) in inner.calls
    assert ("press_button", ("button", "X")) in inner.calls
    assert inner.calls[-1] == ("update",)


def test_the_keyboard_of_windows_presses_by_code():
    user32 = Recording({"GetAsyncKeyState": 0x8000})
    keyboard = WindowsKeyboard(user32)
    keyboard.press("Left")
    keyboard.release("w")
    keyboard.watch("F8")
    assert user32.calls == [("keybd_event", 0x25, 0, 0, 0), ("keybd_event", ord("W"), 0, 2, 0)]
    assert keyboard.down() == {"F8"}
    with pytest.raises(CopycarError, match="did you mean Left"):
        keyboard.press("Lft")


def test_taps_become_a_soft_hand():
    clock, keyboard = FakeClock(), FakeKeyboard()
    person = HumanKeys(keyboard, Keys(), clock)
    person.reset()
    keyboard.held = {"Left", "Up"}
    steering = []
    for _ in range(15):
        clock.sleep(1 / 30)
        decision = person.act({}, {})
        steering.append(decision.label.steering)
    assert decision.source == "human"
    assert decision.label.throttle == 1.0
    assert steering[4] == pytest.approx(-0.67, abs=0.02)  # one sixth of a second
    assert steering[-1] < -0.95
    keyboard.held = set()
    clock.sleep(1.0)
    assert person.act({}, {}).label == pytest.approx(STOP, abs=0.01)
    assert keyboard.log == []


def test_shrinking_averages_what_falls_together():
    picture = np.zeros((4, 6, 3), np.uint8)
    picture[:2, :3] = 200
    assert resized(picture, 2, 2)[..., 0].tolist() == [[200, 0], [0, 0]]
    assert resized(picture, 3, 4)[0, :, 0].tolist() == [200, 100, 0]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_any_size_becomes_any_size(height, width, to_height, to_width):
    picture = np.full((height, width, 3), 77, np.uint8)
    small = resized(picture, to_width, to_height)
    assert small.shape == (to_height, to_width, 3)
    assert (small == 77).all()
    assert not np.shares_memory(small, picture)


def test_a_dragged_region_may_begin_at_any_corner():
    assert between((90, 20), (10, 70)) == Rectangle(left=10, top=20, width=80, height=50)
    with pytest.raises(DeviceError, match="too small"):
        between((5, 5), (9, 9))


def test_every_shipped_game_can_be_read_and_mario_kart_has_tensorkarts_scale():
    assert options_for("tensorkart", {}).region == Rectangle(left=0, top=0, width=640, height=480)
    assert all(options_for(name, {}).controls == "gamepad" for name in SHIPPED)
    assert options_for("mario-kart-64", {}).pad.stick == pytest.approx(80 / 127, abs=0.005)


def test_a_window_without_a_title_is_told():
    with pytest.raises(CopycarError, match="say where the game is"):
        options_for("", {})
