import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.clock import FakeClock
from copycar.core.frame import STOP, Action
from copycar.driving.driver import DriverLeft
from copycar.driving.drivers.keyboard import KeyboardDriver, centred, pressed
from copycar.driving.loop import drive
from copycar.testing.environment import CircleTrack

KEYS = ["up", "down", "left", "right", "w", "a", "s", "d", "space", "x", ""]


class FakeTerminal:
    def __init__(self, script):
        self._script = list(script)
        self.closed = 0

    def keys(self):
        return self._script.pop(0) if self._script else []

    def close(self):
        self.closed += 1


def driven(*script, seconds=10.0):
    """Drive with the keys of `script`, one list a tick; return the terminal, the actions and the report."""
    clock, terminal = FakeClock(), FakeTerminal(script)
    environment = CircleTrack(clock=clock)
    report = drive(environment, KeyboardDriver(lambda: terminal, clock), seconds=seconds, clock=clock)
    return terminal, environment.actions, report


def test_throttle_stays_and_steering_returns_to_the_centre():
    _, actions, _ = driven(["up", "up"], ["right"], seconds=5)
    assert actions[1].tolist() == pytest.approx([0.25, 0.2])
    assert 0 < actions[5][0] < 0.25
    assert actions[-1].tolist() == pytest.approx([0.0, 0.2])


def test_left_is_negative_and_letters_do_as_arrows():
    for arrow, letter, action in [
        ("left", "a", Action(-0.25, 0.0)),
        ("right", "d", Action(0.25, 0.0)),
        ("up", "w", Action(0.0, 0.1)),
        ("down", "s", Action(0.0, -0.1)),
    ]:
        assert pressed(STOP, arrow) == pressed(STOP, letter) == action


def test_space_stops():
    _, actions, _ = driven(["up", "right"], ["space"], seconds=0.1)
    assert actions[1].tolist() == [0.0, 0.0]


def test_q_leaves_and_the_terminal_is_given_back():
    terminal, _, report = driven(["up"], ["q"])
    assert (report.stopped_by, report.frames, terminal.closed) == ("driver", 1, 1)


def test_terminal_is_given_back_whatever_happens():
    clock, terminal = FakeClock(), FakeTerminal([])
    environment = CircleTrack(clock=clock)

    def breaks(tick):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drive(environment, KeyboardDriver(lambda: terminal, clock), on_frame=breaks, clock=clock)
    assert terminal.closed == 1


@given(st.lists(st.sampled_from(KEYS)), st.floats(0, 10))
def test_no_keys_leave_the_range(keys, elapsed_s):
    action = STOP
    for key in keys:
        action = centred(pressed(action, key), elapsed_s)
        assert action == action.clipped()


def test_q_raises_even_among_other_keys():
    with pytest.raises(DriverLeft):
        pressed(STOP, "q")
