"""What verbs share when they print: people read tables on stderr or stdout, machines read one JSON object on stdout."""

import json
import math
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from copycar.core.progress import OnProgress

show = Console(highlight=False, emoji=False)
"""Results for people, on stdout."""

log = Console(stderr=True, highlight=False, emoji=False)
"""Progress and remarks; never mixed into a result."""


def tell(console: Console, text: str, style: str = "") -> None:
    """Print one line as it is: paths and commands are not wrapped, and nothing in them is taken for markup."""
    console.print(text, style=style, soft_wrap=True, markup=False)


def typed() -> str:
    """Return the command as it was typed, ready for a shell."""
    return shlex.join(["copycar", *sys.argv[1:]])


def quoted(path: Path | str) -> str:
    """Return a path as one word of a command line."""
    return shlex.quote(str(path))


def print_json(value: Any) -> None:
    """Print one JSON object on stdout; what cannot be measured (None, NaN) becomes null."""
    sys.stdout.write(json.dumps(_without_nan(value), indent=2) + "\n")


@contextmanager
def progress(unit: str = "") -> Iterator[Progress]:
    """Show progress bars on stderr; nothing where stderr is not a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=log, transient=True, disable=not log.is_terminal) as bars:
        yield bars


@contextmanager
def counting(what: str, unit: str = "frames") -> Iterator[OnProgress]:
    """Show one bar; give what moves it, which is told (done, in all)."""
    with progress(unit) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
