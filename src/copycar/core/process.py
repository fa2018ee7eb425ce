"""A process that outlives the one that started it: known by its number and by when it began. Starts nothing.

The number alone would not do: the system gives it to another program once this one has ended.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path


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


def _began(number: int) -> str:
    """Return when a process was started, in the kernel's ticks (proc(5), field 22); "" where there is no /proc."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
