"""`copycar tub check`: the data doctor."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from copycar.cli.output import log, print_json, progress, show, tell
from copycar.core.errors import EXIT_DONE, EXIT_GATE_FAILED
from copycar.tubs.doctor.examine import Examination, cure, examine
from copycar.tubs.doctor.report import headline, write_report
from copycar.tubs.doctor.verdict import Verdict

COLOURS = {"ok": "green", "look": "yellow", "broken": "red"}


def check(
    *tubs: str, fix: bool = False, only: tuple[str, ...] = (), report: Path | None = None, json: bool = False
) -> int:
    """Say what is wrong with recordings, in plain words, and how to mend it.

    Exit code 1 where something is broken and was not fixed.

    Args:
        tubs: folders of recordings, or glob patterns.
        fix: delete what can only do harm (unreadable, black and frozen pictures, missing actions) and repair damaged
            files. `copycar tub undo` brings frames back.
        only: make only this check, may be given several times; with --fix its frames are deleted, also where a person
            should have looked.
        report: write a page with pictures of the offending frames.
        json: print one JSON object.
    """
    with progress("frames") as bars:
        tasks: dict[Path, Any] = {}

        def on_progress(tub: Path, done: int, total: int) -> None:
            if tub not in tasks:
                tasks[tub] = bars.add_task(tub.name)
            bars.update(tasks[tub], completed=done, total=total)

        examined = examine(tubs, only=only, on_progress=on_progress)
    if report:
        write_report(report, examined)
    fixed = {one.path: cure(one, only=only) if fix else [] for one in examined}
    if json:
        print_json(_as_json(examined, fixed, report))
    else:
        _show(examined, fixed, report)
    is_broken = any(
        verdict.status == "broken" and verdict not in fixed[one.path] for one in examined for verdict in one.verdicts
    )
    return EXIT_GATE_FAILED if is_broken else EXIT_DONE


def _as_json(examined: Sequence[Examination], fixed: dict[Path, list[Verdict]], report: Path | None) -> dict[str, Any]:
    verdicts = [
        {**verdict.as_json(), "tub": str(one.path), "is_fixed": verdict in fixed[one.path]}
        for one in examined
        for verdict in one.verdicts
    ]
    tubs = [{"path": str(one.path), "frames": len(one.tub) if one.tub else 0} for one in examined]
    return {"verdicts": verdicts, "tubs": tubs, "report": str(report) if report else None}


def _show(examined: Sequence[Examination], fixed: dict[Path, list[Verdict]], report: Path | None) -> None:
    for one in examined:
        tell(show, str(one.path), "bold")
        table = Table("", "check", "what was found", "frames", "first")
        for verdict in one.verdicts:
            status = "fixed" if verdict in fixed[one.path] else verdict.status
            colour = COLOURS.get(status, "green")
            first = str(verdict.frames[0]) if verdict.frames else ""
            count = str(len(verdict.frames) or "")
            table.add_row(f"[{colour}]{status}[/]", verdict.name, verdict.words.replace("[", r"\["), count, first)
        show.print(table)
        for verdict in one.verdicts:
            if verdict.fix and verdict not in fixed[one.path]:
                tell(show, f"{verdict.name}: {verdict.fix}")
        if fixed[one.path]:
            tell(show, f"take it back: copycar tub undo {one.path}")
    tell(show, headline(examined))
    if report:
        tell(show, f"report: {report}")
    elif any(verdict.status != "ok" for one in examined for verdict in one.verdicts):
        tell(log, "see the frames: add --report check.html")
