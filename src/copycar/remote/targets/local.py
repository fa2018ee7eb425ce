"""This machine: a process of its own in a clean folder, to see that everything is fine before a bigger one is paid.

It goes on when whoever started it ends.
"""

import contextlib
import os
import signal
import sys
from typing import Any

from copycar.core.config import Settings
from copycar.core.errors import CopycarError
from copycar.core.process import ProcessMark, start_detached
from copycar.remote.job import JobSpec, Status
from copycar.remote.notes import job_folder

LOG, PROCESS = "log.txt", "process.txt"
OUT_OF_MEMORY = "it was killed, most likely out of memory"


class LocalOptions(Settings):
    """Nothing can be chosen about this machine."""


class Local:
    """Runs jobs on this machine."""

    Options = LocalOptions

    def request(self, spec: JobSpec) -> dict[str, Any]:
        """Return the command line."""
        return {"command": _command(spec)}

    def submit(self, spec: JobSpec) -> None:
        """Start the process."""
        folder = job_folder(spec.name)
        mark = start_detached(_command(spec), folder / LOG, folder)
        (folder / PROCESS).write_text(f"{mark.number} {mark.began}", encoding="ascii")

    def status(self, spec: JobSpec) -> Status | None:
        """Return whether the process lives; how it ended is in the bucket."""
        process = _process(spec)
        if process is None:
            return None
        return Status("running") if process.lives else Status("failed", None, OUT_OF_MEMORY)

    def logs(self, spec: JobSpec) -> str:
        """Return the log's file."""
        log = job_folder(spec.name) / LOG
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def stop(self, spec: JobSpec) -> None:
        """Send SIGTERM to the process that runs the command, which saves what it has."""
        process = _process(spec)
        if process is None:
            raise CopycarError(f"{spec.name} is not a job of this machine", fix="stop it where it was submitted")
        if process.lives:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.number, signal.SIGTERM)


def _command(spec: JobSpec) -> list[str]:
    return [sys.executable, "-m", "copycar.remote.work", spec.url]


def _process(spec: JobSpec) -> ProcessMark | None:
    path = job_folder(spec.name) / PROCESS
    if not path.exists():
        return None
    number, _, began = path.read_text(encoding="ascii").partition(" ")
    return ProcessMark(int(number), began)
