"""A process that outlives the one that started it: known by its number and by when it began. Knows no program.

The number alone would not do: the system gives it to another program once this one has ended.
"""

import contextlib
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from copycar.core.files import write_json


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """What a process is recognised by.

    Attributes:
        number: the system's.
        began: when it was started, as the system tells it; "" where it does not.
    """

    number: int
    began: str

    @classmethod
    def of(cls, number: int) -> "ProcessMark":
        """Return the mark of a process that lives now."""
        return cls(number, _began(number))

    @property
    def lives(self) -> bool:
        """Whether that very process still lives."""
        with contextlib.suppress(ChildProcessError, OSError):
            os.waitpid(self.number, os.WNOHANG)  # where it is our own child, its remains would count as living
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return _began(self.number) == self.began


def start_detached(command: Sequence[str], log: Path, folder: Path | None = None) -> ProcessMark:
    """Start a process that neither Ctrl-C here nor the end of this process or its shell ends; return its mark.

    Args:
        command: program and arguments.
        log: file that everything it prints is appended to.
        folder: where it works; by default here.
    """
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process.returncode = 0  # nobody waits for it here; else Python would complain that it still runs
    return ProcessMark.of(process.pid)


def write_mark(path: Path, mark: ProcessMark) -> None:
    """Keep a mark in a file."""
    write_json(path, asdict(mark))


def read_mark(path: Path) -> ProcessMark | None:
    """Return the mark that a file holds; None where there is none."""
    try:
        noted = json.loads(path.read_text("utf-8"))
        return ProcessMark(int(noted["number"]), str(noted["began"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _began(number: int) -> str:
    """Return when a process was started, in the kernel's ticks (proc(5), field 22); "" where there is no /proc."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
