"""Lets a benchmark question a pilot in another process: one line in, one JSON line out. Knows no pilot.

Both sides use this same loop, so a call is timed alike: `time` answers the milliseconds of one call per frame,
`predict` answers [steering, throttle] per frame. The end of stdin ends the loop.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

Act = Callable[[Any], tuple[float, float]]
"""Takes a frame, uint8 (H, W, 3) RGB; gives steering (+ = right) and throttle."""


def reserve_stdout() -> TextIO:
    """Return the real stdout for answers; everything that others print goes to stderr from now on."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return answers


def serve(act: Act, frames: Any, answers: TextIO) -> None:
    """Answer questions until stdin ends.

    Args:
        act: the pilot's call.
        frames: uint8 (N, H, W, 3).
        answers: where JSON lines go.
    """
    for _ in range(20):  # the first calls set up kernels and memory
        act(frames[0])
    answers.write(json.dumps("ready") + "\n")
    for line in sys.stdin:
        answer = _times_ms(act, frames) if line.strip() == "time" else _actions(act, frames)
        answers.write(json.dumps(answer) + "\n")


def _actions(act: Act, frames: Any) -> list[list[float]]:
    return [[float(value) for value in act(frame)] for frame in frames]


def _times_ms(act: Act, frames: Any) -> list[float]:
    times = []
    for frame in frames:
        started = time.perf_counter_ns()
        act(frame)
        times.append((time.perf_counter_ns() - started) / 1e6)
    return times
