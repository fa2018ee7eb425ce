import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision, Frame
from copycar.driving.recorder import Recorder
from copycar.testing.writer import ListWriter


def frame(number: int, throttle: float = 0.5) -> Frame:
    action = Action(0.0, throttle)
    return Frame(np.zeros((2, 3, 3), dtype=np.uint8), Decision(action, action, "human"), t_ns=number)


def numbers(writer: ListWriter) -> list[int]:
    return [frame.t_ns for frame in writer.frames]


class StalledWriter(ListWriter):
    """A disk that writes nothing until `go` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def append(self, frame: Frame) -> int:
        assert self.go.wait(timeout=10)
        return super().append(frame)


def test_frames_keep_their_order():
    writer = ListWriter()
    recorder = Recorder(writer, queue_limit=1000)
    for number in range(500):
        recorder.put(frame(number))
    recorder.close()
    assert numbers(writer) == list(range(500))
    assert recorder.recorded == 500
    assert writer.is_closed


def test_stalled_disk_drops_frames_and_counts_them_and_never_blocks():
    writer = StalledWriter()
    recorder = Recorder(writer, queue_limit=10)
    for number in range(25):
        recorder.put(frame(number))
    assert recorder.dropped == 15
    writer.go.set()
    recorder.close()
    assert numbers(writer) == list(range(10))
    assert recorder.recorded == 10


def test_world_that_waits_loses_nothing():
    writer = ListWriter()
    recorder = Recorder(writer, queue_limit=1)
    for number in range(300):
        recorder.put(frame(number), may_wait=True)
    recorder.close()
    assert numbers(writer) == list(range(300))
    assert recorder.dropped == 0


@given(st.lists(st.one_of(st.none(), st.integers(1, 4)), max_size=20))
def test_erasing_takes_the_newest_frames_put_before_it(script):
    writer, expected = ListWriter(), []
    recorder = Recorder(writer, queue_limit=1000)
    for number, erased in enumerate(script):
        if erased is None:
            recorder.put(frame(number))
            expected.append(number)
        else:
            recorder.erase_last(erased)
            expected = expected[: max(0, len(expected) - erased)]
    recorder.close()
    assert numbers(writer) == expected
    assert recorder.recorded == len(expected)


def test_recording_starts_with_the_first_throttle_if_asked():
    writer = ListWriter()
    recorder = Recorder(writer, starts_with_throttle=True)
    for number, throttle in enumerate([0.0, 0.01, 0.3, 0.0]):
        recorder.put(frame(number, throttle))
    recorder.close()
    assert numbers(writer) == [2, 3]
    assert recorder.dropped == 0


def test_full_disk_is_told_at_the_next_frame_and_at_closing():
    writer = ListWriter(full_at=2)
    recorder = Recorder(writer, queue_limit=1)
    with pytest.raises(CopycarError, match="after 2 frames, which are safe"):
        for number in range(100):
            recorder.put(frame(number), may_wait=True)
    with pytest.raises(CopycarError, match="No space left"):
        recorder.close()
    recorder.close()
    assert numbers(writer) == [0, 1]


def test_frames_behind_a_failed_one_count_as_dropped():
    writer = ListWriter(full_at=0)
    recorder = Recorder(writer, queue_limit=100)
    recorder.put(frame(0))
    with pytest.raises(CopycarError):
        recorder.close()
    assert (recorder.recorded, recorder.dropped) == (0, 1)


def test_error_that_explains_itself_is_passed_on():
    class Locked(ListWriter):
        def append(self, frame: Frame) -> int:
            raise CopycarError("somebody else records into this tub")

    recorder = Recorder(Locked())
    recorder.put(frame(0))
    with pytest.raises(CopycarError, match="somebody else"):
        recorder.close()


def test_failure_to_finish_is_told():
    class Unfinished(ListWriter):
        def close(self) -> None:
            raise OSError("the card was pulled out")

    with pytest.raises(CopycarError, match="pulled out"):
        Recorder(Unfinished()).close()
