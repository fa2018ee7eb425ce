"""What every demo needs: folders of its own, a line over each step, the plain command that does it.

Knows nothing of what is shown.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from rich.rule import Rule

from copycar.cli.output import log, tell
from copycar.core.errors import CopycarError
from copycar.core.files import write_json


def fresh_folders(out: Path, marker: str, parts: Sequence[str]) -> list[Path]:
    """Return the demo's folders in `out`, not there yet.

    Args:
        out: made where it is missing.
        marker: the file by which a demo knows its own folder: what an earlier one left there is replaced.
        parts: names of the folders.

    Raises:
        CopycarError: `out` holds something that no such demo made.
    """
    if out.is_file() or (out.exists() and any(out.iterdir()) and not (out / marker).exists()):
        raise CopycarError(f"{out} is there already, and no demo made it", fix="name another folder with --out")
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / marker, {})
    for part in parts:
        shutil.rmtree(out / part, ignore_errors=True)
    return [out / part for part in parts]


def title(step: str, what: str) -> None:
    """Draw a line over a step."""
    log.print(Rule(f"[bold]{step}[/]: {what}", align="left"))


def show_command(line: str) -> None:
    """Show the plain command that does the same."""
    tell(log, f"$ {line}", "bold")
