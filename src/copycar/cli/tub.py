"""`copycar tub …`: look at recordings."""

from pathlib import Path
from typing import Any

from rich.table import Table

from copycar.cli.output import print_json, show
from copycar.tubs.remembered import describe_once
from copycar.tubs.tub import find_tubs


def info(*tubs: str, fresh: bool = False, json: bool = False) -> None:
    """Say what is in a tub and what was repaired.

    Args:
        tubs: folders of recordings, or glob patterns.
        fresh: look at every picture again, also where a long recording has not changed since the last time.
        json: print one JSON object; with several tubs, a list.
    """
    described = [describe_once(folder, is_fresh=fresh) for folder in find_tubs(tubs)]
    if json:
        print_json(described[0] if len(described) == 1 else described)
        return
    for one in described:
        _show(one)


def _show(described: dict[str, Any]) -> None:
    table = Table(title=str(Path(described["path"])), show_header=False, title_justify="left")
    for name, value in described.items():
        if name not in {"path", "repaired"}:
            table.add_row(name, _as_text(value))
    show.print(table)
    for repair in described["repaired"]:
        show.print(f"[yellow]repaired:[/] {repair}")


def _as_text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return "  ".join(f"{key} {_as_text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_as_text(item) for item in value)
    return str(value)
