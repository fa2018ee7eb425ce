"""A game that knows nothing of us, from Debian: pyRacerz, seen from above on the track that it offers first."""

import shutil
import time
from contextlib import closing

import numpy as np
import pytest

from copycar.core.frame import Action
from copycar.driving.loop import drive
from copycar.driving.recorder import Recorder
from copycar.environments import make_environment
from copycar.environments.screen.keyboard import XKeyboard
from copycar.testing.driver import ScriptedDriver
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

GAME = "/usr/games/pyracerz"
TO_THE_RACE = ["Return", "Return", "Return", "Down", "Return", *["Down"] * 7, "Return", "Return"]
"""Through its menus: a single race, the first track, one lap, one person, as the menu has him, no robots."""

PATIENCE_S = 60


def changed_px(before, after):
    """Return which pixels changed, (rows, columns); above row 15 the game counts the time."""
    differs = np.abs(after.image[15:].astype(int) - before.image[15:]).max(axis=2)
    return np.nonzero(differs > 50)


def lights_are_on(image):
    """Return whether the start's red lights are shown, above on the left."""
    corner = image[4:24, 4:74].astype(int)
    return (corner[..., 0] - corner[..., 1:].max(axis=2) > 60).mean() > 0.1


def wait_for(look, what):
    until_s = time.monotonic() + PATIENCE_S
    while not what(look()):
        assert time.monotonic() < until_s, "the game does not get on"
        time.sleep(0.05)


def go_to_the_race(keyboard, look):
    for key in TO_THE_RACE:
        before = look()
        keyboard.press(key)
        time.sleep(0.08)
        keyboard.release(key)
        wait_for(look, lambda now, before=before: (now != before).any())
        time.sleep(0.4)  # its menus drop what is pressed while they appear
    wait_for(look, lights_are_on)
    wait_for(look, lambda now: not lights_are_on(now))


@pytest.mark.slow
def test_keys_reach_a_real_game_and_its_pictures_reach_the_recording(screen, shown, tmp_path):
    if not shutil.which(GAME):
        pytest.skip("pyRacerz is not installed: apt-get install pyracerz")
    shown([GAME, "--resolution", "320x240", "--nosound"], "pyRacerz")
    gas_from = 30
    driver = ScriptedDriver(lambda tick, *_: Action(0.0, float(tick >= gas_from)))
    place = make_environment("screen:pyRacerz", display=screen, width=320, height=240, rate_hz=20)
    with closing(place) as environment, closing(XKeyboard(screen)) as keyboard:
        wait_for(lambda: environment._region, lambda region: region.width == 320)
        time.sleep(1)
        environment._window.focus()
        go_to_the_race(keyboard, lambda: environment._look() or environment._image)
        report = drive(environment, driver, recorder=Recorder(TubWriter(tmp_path / "tub")), seconds=5)
    frames = list(Tub.open(tmp_path / "tub").frames())
    assert len(frames) == report.recorded == report.frames > gas_from
    assert [frame.decision.label.throttle for frame in frames] == [float(n >= gas_from) for n in range(len(frames))]
    standing, waiting, driven = frames[10], frames[gas_from - 1], frames[-1]
    assert len(changed_px(standing, waiting)[0]) < 10  # no key, no movement
    rows, columns = changed_px(waiting, driven)  # where the car was, and where it is
    assert np.ptp(rows) > 12  # the throttle's key drives it up the screen by more than its length
    assert np.ptp(columns) < 20
