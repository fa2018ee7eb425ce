"""What the doctor says about one thing in one tub. Knows nothing of how it was found or who reads it."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Status = Literal["ok", "look", "broken"]
"""Nothing to do / a person should look at it / it harms a training or another reader as it is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict.

    Attributes:
        name: of the check.
        status: "ok", "look" or "broken".
        words: what was found, one plain sentence with the numbers; the reason where nothing could be told.
        frames: numbers of the offending frames, ascending.
        fix: a command that mends it, or advice; "" where there is nothing to do.
        is_safe: whether deleting `frames` (or repairing the files) can hurt nobody, so that `--fix` does it unasked.
        deletes: whether deleting `frames` is the remedy at all.
        figures: what was measured, for scripts.
    """

    name: str
    status: Status
    words: str
    frames: Sequence[int] = ()
    fix: str = ""
    is_safe: bool = False
    deletes: bool = False
    figures: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return `name`, `status`, `count`, `first` (frame number or None), `fix`, `words` and `figures`."""
        return {
            "name": self.name,
            "status": self.status,
            "count": len(self.frames),
            "first": self.frames[0] if self.frames else None,
            "fix": self.fix,
            "words": self.words,
            "figures": dict(self.figures),
        }


def many(n: int, what: str) -> str:
    """Return a number with its noun.

    >>> many(1, "frame"), many(3, "frame")
    ('1 frame', '3 frames')
    """
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def fix_command(path: Path, only: str = "") -> str:
    """Return the command that deletes a verdict's frames; `only` names the check where it must be asked for."""
    return f"copycar tub check {shlex.quote(str(path))} --fix" + (f" --only {only}" if only else "")
