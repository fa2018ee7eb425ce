"""Runs one command and measures it from outside: wall time, CPU time, peak memory, when its first epoch was logged."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.02


@dataclass(frozen=True)
class Measured:
    """What one command cost.

    Attributes:
        seconds: wall time from the command to its end.
        cpu_s: user and system time of the process and of those it waited for.
        peak_rss_mb: peak resident memory of the process, MB (10^6 bytes).
        first_line_s: wall time from the command to the first line in the watched file; None if none was watched.
        load_1min: the machine's load average when the command was given.
        stdout: what it printed.
    """

    seconds: float
    cpu_s: float
    peak_rss_mb: float
    first_line_s: float | None
    load_1min: float
    stdout: str


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    watch: Path | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Measured:
    """Run a command to its end.

    Args:
        command: program and arguments.
        log: gets stderr; stdout goes beside it with the suffix `.out`.
        watch: file whose first complete line marks the end of the first epoch.
        cwd: where it runs.
        environment: its whole environment; None leaves ours.

    Raises:
        RuntimeError: the command failed.
    """
    load = os.getloadavg()[0]
    out = log.with_suffix(".out")
    with log.open("w") as stderr, out.open("w") as stdout:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=cwd, env=environment
        )
        usage, first_line_s = _wait(process, watch, started)
        seconds = time.perf_counter() - started
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}; see {log}:\n{_tail(log)}")
    bytes_per_unit = 1 if sys.platform == "darwin" else 1024
    peak_mb = usage.ru_maxrss * bytes_per_unit / 1e6
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak_mb, first_line_s, load, out.read_text())


def _wait(
    process: "subprocess.Popen[bytes]", watch: Path | None, started: float
) -> tuple[resource.struct_rusage, float | None]:
    first_line_s = None
    while True:
        if watch is not None and first_line_s is None and watch.exists() and b"\n" in watch.read_bytes():
            first_line_s = time.perf_counter() - started
        finished, status, usage = os.wait4(process.pid, os.WNOHANG)
        if finished:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage, first_line_s
        time.sleep(POLL_S)


def _tail(log: Path, n_characters: int = 1500) -> str:
    return log.read_text(errors="replace")[-n_characters:]
