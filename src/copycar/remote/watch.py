"""How a job stands, what it prints, and its end. Asks the target first and the bucket where that knows nothing."""

import time
from collections.abc import Callable, Iterator

from copycar.core.errors import CopycarError
from copycar.remote.job import JobSpec, Status, ended, read_result, saved_log
from copycar.remote.target import TARGETS

POLL_S = 2.0
LOST = "its target knows nothing of it any more, and it has noted no result"


def submit(spec: JobSpec) -> None:
    """Start a job that was noted.

    Raises:
        CopycarError: as `Target.submit`.
    """
    TARGETS.get(spec.on)().submit(spec)


def status(spec: JobSpec) -> Status:
    """Return how a job stands.

    Raises:
        CopycarError: as `Target.status`, or as `Place.get`.
    """
    told = TARGETS.get(spec.on)().status(spec)
    if told is not None and not told.is_over:
        return told
    result = read_result(spec)
    if result is not None:  # the job itself knows best
        return ended(result)
    return told or Status("failed", None, LOST)


def logs(spec: JobSpec) -> str:
    """Return what a job has printed so far.

    Raises:
        CopycarError: as `Target.logs`, or as `Place.get`.
    """
    return TARGETS.get(spec.on)().logs(spec) or saved_log(spec)


def follow(spec: JobSpec, sleep: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """Yield what a job prints as it prints it, until it is over.

    Raises:
        CopycarError: as `logs`; the job goes on.
    """
    n_shown = 0
    while True:
        is_over = status(spec).is_over
        text = logs(spec)
        if len(text) > n_shown:
            yield text[n_shown:]
            n_shown = len(text)
        if is_over:
            return
        sleep(POLL_S)


def wait(spec: JobSpec, sleep: Callable[[float], None] = time.sleep) -> Status:
    """Return how a job ended.

    Raises:
        CopycarError: as `status`; the job goes on.
    """
    while not (found := status(spec)).is_over:
        sleep(POLL_S)
    return found


def stop(spec: JobSpec) -> None:
    """Ask a job to end; it saves what is finished.

    Raises:
        CopycarError: it is over already; or as `Target.stop`.
    """
    found = status(spec)
    if found.is_over:
        raise CopycarError(f"{spec.name} is over already", f"it is {found.state}", "copycar remote logs shows why")
    TARGETS.get(spec.on)().stop(spec)
