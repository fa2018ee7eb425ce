"""Runs one command and measures it from outside: wall time, processor time, peak memory, and both at every epoch."""

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
        lines: for every line in the watched file, [wall time, processor time] since the command; processor time is
            None where the system does not tell it of a running process.
        load_1min: the machine's load average when the command was given.
        stdout: what it printed.
    """

    seconds: float
    cpu_s: float
    peak_rss_mb: float
    lines: list[tuple[float, float | None]]
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
        watch: file that gets a line at the end of every epoch.
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
        usage, lines = _wait(process, watch, started)
        seconds = time.perf_counter() - started
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}; see {log}:\n{_tail(log)}")
    bytes_per_unit = 1 if sys.platform == "darwin" else 1024
    peak_mb = usage.ru_maxrss * bytes_per_unit / 1e6
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak_mb, lines, load, out.read_text())


def _wait(
    process: "subprocess.Popen[bytes]", watch: Path | None, started: float
) -> tuple[resource.struct_rusage, list[tuple[float, float | None]]]:
    lines: list[tuple[float, float | None]] = []
    while True:
        if watch is not None and watch.exists() and watch.read_bytes().count(b"\n") > len(lines):
            lines.append((time.perf_counter() - started, _cpu_s(process.pid)))
        finished, status, usage = os.wait4(process.pid, os.WNOHANG)
        if finished:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage, lines
        time.sleep(POLL_S)


def _cpu_s(pid: int) -> float | None:
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    fields = stat.read_text().rpartition(")")[2].split()  # proc(5): the name may hold spaces; utime and stime follow
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tail(log: Path, n_characters: int = 1500) -> str:
    return log.read_text(errors="replace")[-n_characters:]
