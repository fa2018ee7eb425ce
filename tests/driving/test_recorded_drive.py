"""The loop with the real tub writer, and with the real track."""

import itertools

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.loop import drive
from copycar.driving.make import make_driver
from copycar.driving.recorder import Recorder
from copycar.environments.make import make_environment
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleTrack
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter


@pytest.fixture(scope="module")
def track():
    pytest.importorskip("panda3d")
    environment = make_environment("track:oval", width=32, height=24, scenery=False)
    yield environment
    environment.close()


def test_tub_keeps_label_executed_action_and_time_of_a_noisy_drive(tmp_path):
    environment, ticks = CircleTrack(), []
    driver = make_driver("expert", environment, noise=0.8, seed=2)
    report = drive(environment, driver, recorder=Recorder(TubWriter(tmp_path)), laps=1, on_frame=ticks.append)
    tub = Tub.open(tmp_path)
    frames = list(tub.frames())
    assert len(frames) == report.recorded == report.frames
    assert len(tub.episodes) == 1
    for frame, tick in zip(frames, ticks, strict=True):
        assert frame.decision.label == pytest.approx(tick.decision.label)
        assert frame.decision.action == pytest.approx(tick.decision.action)
    assert set(np.diff([frame.t_ns for frame in frames])) == {50_000_000}


def test_every_drive_is_an_episode_of_its_own(tmp_path):
    environment = CircleTrack()
    for _ in range(2):
        recorder = Recorder(TubWriter(tmp_path))
        drive(environment, make_driver("expert", environment), recorder=recorder, seconds=1)
    assert [len(episode) for episode in Tub.open(tmp_path).episodes] == [20, 20]


def test_broken_policy_leaves_a_tub_that_opens(tmp_path):
    driver = ScriptedDriver(lambda tick, *_: Action(float("nan") if tick == 8 else 0.1, 0.3))
    with pytest.raises(CopycarError, match="not a number"):
        drive(CircleTrack(), driver, recorder=Recorder(TubWriter(tmp_path)), seconds=5)
    assert len(Tub.open(tmp_path)) == 8


def test_erasing_while_driving_shows_in_the_tub(tmp_path):
    recorder = Recorder(TubWriter(tmp_path))
    driver = make_driver("constant", CircleTrack())

    def erase_once(tick):
        if tick.info["sim_time_s"] == pytest.approx(0.5):
            recorder.erase_last(4)

    report = drive(CircleTrack(), driver, recorder=recorder, seconds=1, on_frame=erase_once)
    assert (report.frames, report.recorded, len(Tub.open(tmp_path))) == (20, 16, 16)


def test_track_is_driven_and_recorded_as_it_was_seen(track, tmp_path):
    ticks = []
    recorder = Recorder(TubWriter(tmp_path, jpeg_quality=100))
    report = drive(track, make_driver("expert", track), recorder=recorder, seconds=2, seed=0, on_frame=ticks.append)
    assert (report.frames, report.recorded, report.dropped, report.stopped_by) == (40, 40, 0, "seconds")
    assert max(abs(tick.outcome["cross_track_error_m"]) for tick in ticks) < 0.2
    seen = np.array([tick.observation["image"] for tick in ticks], dtype=float)
    for number, frame in enumerate(Tub.open(tmp_path).frames()):
        assert np.abs(seen - frame.image).mean(axis=(1, 2, 3)).argmin() == number


def test_track_gives_a_new_picture_each_time(track):
    ticks = []
    drive(track, make_driver("expert", track), seconds=0.5, on_frame=ticks.append)
    pictures = [tick.observation["image"] for tick in ticks]
    assert not any(np.may_share_memory(one, other) for one, other in itertools.pairwise(pictures))
