from copycar.core.frame import STOP
from copycar.driving.hot_keys import HotKeyDriver
from copycar.driving.loop import drive
from copycar.driving.recorder import Recorder
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleTrack
from copycar.testing.writer import ListWriter


def test_one_key_pauses_and_goes_on_and_another_ends_the_drive():
    at_tick = {3: {"F8"}, 4: {"F8"}, 7: {"F8"}, 9: {"F9"}}
    inner = ScriptedDriver(lambda *_: STOP)
    writer, told = ListWriter(), []
    recorder = Recorder(writer)
    driver = HotKeyDriver(inner, lambda: frozenset(at_tick.get(inner.tick, ())), recorder, told.append)
    report = drive(CircleTrack(), driver, recorder=recorder)
    assert report.stopped_by == "driver"
    assert told == [True, False]  # a held key counts once
    assert len(writer.frames) == 3 + 2  # ticks 0 to 2, 7 and 8
    assert inner.releases == 1


def test_a_recorder_may_begin_paused():
    inner, writer = ScriptedDriver(lambda *_: STOP), ListWriter()
    recorder = Recorder(writer)
    recorder.is_paused = True
    keys = lambda: frozenset({"F8"} if inner.tick == 2 else ())  # noqa: E731
    drive(CircleTrack(), HotKeyDriver(inner, keys, recorder), recorder=recorder, seconds=0.5)
    assert len(writer.frames) == 8
