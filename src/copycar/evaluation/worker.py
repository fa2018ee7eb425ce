"""One worker process of an evaluation: keeps its stage between trials. Knows nothing of the other workers."""

import os
import signal
import threading
import time
from collections.abc import Mapping
from multiprocessing import connection, parent_process
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from typing import Any

from copycar.evaluation.stage import OnShare, Stage
from copycar.evaluation.trace import Trace
from copycar.evaluation.trial import Trial

NEWS_EVERY_S = 0.2

_in_this_process: dict[str, Any] = {}
"""What `prepare` left for `run`: an executor gives its workers no other place."""


def prepare(driver: str, options: Mapping[str, Any], stop: Event, messages: "SimpleQueue[Any]") -> None:
    """Get this process ready: called once in each worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and sets `stop`
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _in_this_process.update(driver=driver, options=options, stop=stop, messages=messages)


def run(index: int, trial: Trial) -> Trace:
    """Drive one trial in this worker.

    Raises:
        CopycarError: as `Stage.run`.
    """
    here = _in_this_process
    if "stage" not in here:  # made here and not in `prepare`, where an error would only say that the pool is broken
        here["stage"] = Stage(here["driver"], here["options"], here["stop"].is_set)
    tell = from_time_to_time(lambda share, interventions: here["messages"].put((index, share, interventions)))
    trace: Trace = here["stage"].run(trial, tell)
    return trace


def from_time_to_time(tell: OnShare) -> OnShare:
    """Return `tell`, made to stay silent until `NEWS_EVERY_S` after its last word."""
    last_s = -NEWS_EVERY_S

    def tell_rarely(share: float, interventions: int) -> None:
        nonlocal last_s
        now_s = time.monotonic()
        if now_s - last_s >= NEWS_EVERY_S:
            last_s = now_s
            tell(share, interventions)

    return tell_rarely


def _end_with_parent() -> None:
    """End this process when its parent is gone, however it went: a worker must not be left behind."""
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)
