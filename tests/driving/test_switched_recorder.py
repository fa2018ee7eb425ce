"""Recording that is switched while the car drives."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import IS_CORRECTION, Action, Decision, Frame
from copycar.driving.recorder import Recorder
from copycar.driving.switched_recorder import SwitchedRecorder
from copycar.testing.writer import ListWriter


def frame(source="human", throttle=0.5):
    action = Action(0.0, throttle)
    return Frame(np.zeros((2, 3, 3), np.uint8), Decision(action, action, source), t_ns=0)


@pytest.fixture
def writer():
    return ListWriter()


@pytest.fixture
def switch(writer):
    switch = SwitchedRecorder()
    switch.open(Recorder(writer))
    return switch


def recorded(switch, writer, *frames):
    for one in frames:
        switch.put(one, may_wait=True)
    switch.close()
    return [(one.decision.source, one.decision.label.throttle) for one in writer.frames]


EVERYTHING = (frame(throttle=0.0), frame(), frame("policy"), frame("assisted"), frame("correction"), frame("nobody"))


@pytest.mark.parametrize(
    ("when", "kept"),
    [
        ("off", []),
        ("on", [("human", 0.0), ("human", 0.5), ("policy", 0.5), ("assisted", 0.5), ("correction", 0.5)]),
        ("throttle", [("human", 0.5), ("assisted", 0.5), ("correction", 0.5)]),
    ],
)
def test_what_is_recorded_when(switch, writer, when, kept):
    switch.switch(when)
    assert recorded(switch, writer, *EVERYTHING) == kept
    assert writer.is_closed


def test_corrections_are_marked_and_behaviours_noted(writer):
    behavior = ["", "Left_Lane"]
    switch = SwitchedRecorder(lambda: behavior.pop(0))
    switch.open(Recorder(writer))
    switch.switch("on")
    recorded(switch, writer, frame("policy"), frame("correction"))
    assert [one.extras for one in writer.frames] == [
        {IS_CORRECTION: False},
        {IS_CORRECTION: True, "behavior/label": "Left_Lane"},
    ]


def test_the_last_frames_can_be_erased(switch, writer):
    switch.switch("on")
    for _ in range(10):
        switch.put(frame(), may_wait=True)
    switch.erase_last(4)
    switch.close()
    assert len(writer.frames) == 6


def test_a_full_disk_ends_the_recording_and_not_the_drive():
    writer = ListWriter(full_at=3)
    switch = SwitchedRecorder()
    switch.open(Recorder(writer, queue_limit=1))
    switch.switch("on")
    for _ in range(20):
        switch.put(frame(), may_wait=True)
    switch.close()
    assert switch.when == "off"
    assert "3 frames, which are safe" in str(switch.failure)
    assert writer.is_closed


def test_there_must_be_somewhere_to_record_into(switch):
    switch.close()
    with pytest.raises(CopycarError, match="nothing to record into"):
        switch.switch("on")
    with pytest.raises(CopycarError, match="unknown 'always'"):
        switch.switch("always")
