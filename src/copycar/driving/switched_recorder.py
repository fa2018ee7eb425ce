"""A recorder that can be switched while the car drives: on, off, or on while there is throttle.

It notes beside each frame what the recorder cannot know: that a human corrected a policy, and the behaviour declared.
Knows nothing of files.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import IS_CORRECTION, Frame
from copycar.driving.drivers.shared import CORRECTION, NOBODY, POLICY
from copycar.driving.recorder import THROTTLE_DEAD_ZONE, Recorder

WHEN = ("off", "on", "throttle")
"""When frames are recorded: never; always; while a human gives throttle (donkeycar's AUTO_RECORD_ON_THROTTLE)."""

BEHAVIOR = "behavior/label"
"""Record key of the declared behaviour: donkeycar's, which the network `behavior` reads."""


class SwitchedRecorder:
    """Stands where a `Recorder` stands, and passes on what is to be recorded. The switch may be used from any thread.

    Args:
        behavior: tells the behaviour that the human has declared; "" for none.

    Attributes:
        when: one of `WHEN`.
        failure: why the last recording ended by itself, such as a full disk; None while all is well.
    """

    def __init__(self, behavior: Callable[[], str] = lambda: "") -> None:
        self._behavior = behavior
        self._use = threading.RLock()
        self._recorder: Recorder | None = None
        self._latest: Recorder | None = None
        self.when = "off"
        self.failure: CopycarError | None = None

    @property
    def recorded(self) -> int:
        """Frames of the latest recording, less those erased."""
        return self._latest.recorded if self._latest else 0

    @property
    def dropped(self) -> int:
        """Frames that the latest recording has lost."""
        return self._latest.dropped if self._latest else 0

    @property
    def is_open(self) -> bool:
        """Whether there is a recording that frames could go into."""
        return self._recorder is not None

    def switch(self, when: str) -> None:
        """Record from now on as `when` says.

        Raises:
            CopycarError: unknown word, or there is nowhere to record into.
        """
        if when not in WHEN:
            raise CopycarError(f"unknown {when!r}", fix=did_you_mean(when, WHEN))
        if when != "off" and not self.is_open:
            raise CopycarError("there is nothing to record into", fix="name a tub first")
        self.when = when

    def open(self, recorder: Recorder) -> None:
        """Record into another place; what was recorded before is closed."""
        with self._use:
            self.close()
            self._recorder = self._latest = recorder
            self.failure = None

    def put(self, frame: Frame, *, may_wait: bool = False) -> None:
        """Record the frame if that is wanted; a failure ends the recording, never the drive."""
        if not self._wants(frame):
            return
        with self._use:
            if self._recorder is None:
                return
            try:
                self._recorder.put(self._noted(frame), may_wait=may_wait)
            except CopycarError as failure:
                self._give_up(failure)

    def erase_last(self, n: int) -> None:
        """Delete the last `n` recorded frames; `Tub.undo` brings them back."""
        with self._use:
            if self._recorder:
                self._recorder.erase_last(n)

    def close(self) -> None:
        """Finish the recording; its failure is kept in `failure`."""
        with self._use:
            recorder, self._recorder, self.when = self._recorder, None, "off"
            if recorder:
                try:
                    recorder.close()
                except CopycarError as failure:
                    self.failure = failure

    def _wants(self, frame: Frame) -> bool:
        source, throttle = frame.decision.source, abs(frame.decision.label.throttle)
        if source == NOBODY or self.when == "off":
            return False
        return self.when == "on" or (source != POLICY and throttle > THROTTLE_DEAD_ZONE)

    def _noted(self, frame: Frame) -> Frame:
        notes: dict[str, Any] = {IS_CORRECTION: frame.decision.source == CORRECTION}
        if behavior := self._behavior():
            notes[BEHAVIOR] = behavior
        return replace(frame, extras={**frame.extras, **notes})

    def _give_up(self, failure: CopycarError) -> None:
        self.close()
        self.failure = failure
