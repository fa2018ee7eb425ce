"""A game that knows nothing of us, from Debian: pyRacerz, seen from above on the track that it offers first."""

import shutil
from contextlib import closing

import numpy as np
import pytest

from copycar.core.frame import Action
from copycar.driving.loop import drive
from copycar.driving.recorder import Recorder
from copycar.environments import make_environment
from copycar.testing.driver import ScriptedDriver
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

GAME = "/usr/games/pyracerz"
TO_THE_RACE = ["Return", "wait:2", "Return", "wait:1", "Return", "wait:1", "Down", "wait:0.5", "Return", "wait:1"]
ONE_PLAYER = [*["Down"] * 7, "wait:0.5", "Return", "wait:1", "Return"]
COUNTDOWN = "wait:9"


def car_px(image):
    """Return where the red car is, (x, y); None where there is none."""
    red = image[..., 0].astype(int) - image[..., 1:].max(axis=2)
    rows, columns = np.nonzero(red[15:] > 60)
    return np.array([columns.mean(), rows.mean() + 15]) if len(rows) > 3 else None


@pytest.mark.slow
def test_keys_reach_a_real_game_and_its_pictures_reach_the_recording(screen, shown, tmp_path):
    if not shutil.which(GAME):
        pytest.skip("pyRacerz is not installed: apt-get install pyracerz")
    shown([GAME, "--resolution", "320x240", "--nosound"], "pyRacerz")
    options = {"width": 320, "height": 240, "restart": [*TO_THE_RACE, *ONE_PLAYER, COUNTDOWN], "rate_hz": 20}
    plan = [Action(0.0, 0.0), Action(0.0, 1.0)]
    driver = ScriptedDriver(lambda tick, *_: plan[tick >= 15])
    with closing(make_environment("screen:pyRacerz", display=screen, **options)) as environment:
        report = drive(environment, driver, recorder=Recorder(TubWriter(tmp_path / "tub")), seconds=3)
    frames = list(Tub.open(tmp_path / "tub").frames())
    assert len(frames) == report.recorded == report.frames
    assert [frame.decision.label.throttle for frame in frames] == [float(tick >= 15) for tick in range(len(frames))]
    start, still, driven = (car_px(frames[tick].image) for tick in (0, 14, -1))
    assert np.abs(still - start).max() < 1  # no key, no movement
    assert driven[1] < start[1] - 10  # the throttle's key drives it up the screen
