"""`copycar tub delete`, `restore`, `undo`, `clean`, `history`: which frames count. Every edit can be undone."""

from typing import Any

from rich.table import Table

from copycar.cli.numbers import Count
from copycar.cli.output import print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.tubs.history import Edit
from copycar.tubs.ranges import pick, ranges_text
from copycar.tubs.tub import Tub, open_tubs
from copycar.tubs.work.clean import clean as clean_tub
from copycar.tubs.work.clean import find


def delete(tub: str, *frames: str, last: Count | None = None, why: str = "", json: bool = False) -> None:
    """Mark frames as deleted; nothing is removed from disk.

    Args:
        tub: folder of a recording.
        frames: numbers or ranges: 17, 10:20 (10 to 19), :50, 900:.
        last: delete the newest frames, this many.
        why: kept in the history.
        json: print one JSON object.
    """
    opened = Tub.open(tub)
    live = [record.index for record in opened.records]
    known = {*live, *(index for indexes in opened.left_out.values() for index in indexes)}
    chosen = pick(frames, known | opened.deleted)
    if last is not None:
        chosen |= set(sorted(live)[-last:])
    _check_named(chosen)
    changed = sorted(chosen - opened.deleted)
    opened.delete(chosen, why or "deleted by hand")
    _tell_state(opened, "deleted", changed, json)


def restore(tub: str, *frames: str, why: str = "", json: bool = False) -> None:
    """Bring deleted frames back.

    Args:
        tub: folder of a recording.
        frames: numbers or ranges, as for delete; : means all.
        why: kept in the history.
        json: print one JSON object.
    """
    opened = Tub.open(tub)
    chosen = pick(frames, opened.deleted)
    _check_named(chosen)
    opened.restore(chosen, why or "restored by hand")
    _tell_state(opened, "restored", sorted(chosen), json)


def undo(tub: str, *, times: Count = 1, json: bool = False) -> None:
    """Take the newest edits back: deletions, restorations, cleaning, fixes, erasing while driving.

    Args:
        tub: folder of a recording.
        times: how many edits.
        json: print one JSON object.
    """
    opened = Tub.open(tub)
    undone: list[Edit] = []
    while len(undone) < times:
        try:
            undone.append(opened.undo())
        except CopycarError:
            if not undone:
                raise
            break
    if json:
        print_json({**_state(opened), "undone": [edit.as_json() for edit in undone]})
        return
    for edit in undone:
        tell(show, f"took back: {edit.verb} {ranges_text(edit.indexes)} ({edit.why})")
    tell(show, f"{opened.path}: {len(opened)} frames, {len(opened.deleted)} deleted")


def redo(tub: str, *, json: bool = False) -> None:
    """Do again what was undone last.

    Args:
        tub: folder of a recording.
        json: print one JSON object.
    """
    opened = Tub.open(tub)
    edit = opened.redo()
    if json:
        print_json({**_state(opened), "redone": edit.as_json()})
        return
    tell(show, f"did again: {edit.verb} {ranges_text(edit.indexes)} ({edit.why})")
    tell(show, f"{opened.path}: {len(opened)} frames, {len(opened.deleted)} deleted")


def history(tub: str, *, json: bool = False) -> None:
    """Show who deleted and restored what, when and why.

    Args:
        tub: folder of a recording.
        json: print one JSON object.
    """
    opened = Tub.open(tub)
    if json:
        print_json({**_state(opened), "edits": [edit.as_json() for edit in opened.history]})
        return
    table = Table("", "when", "who", "what", "frames", "why")
    for edit in opened.history:
        ranges = ranges_text(edit.indexes)
        shown = ranges if len(ranges) <= 40 else f"{ranges[:37]}..."
        table.add_row(str(edit.number), edit.when, edit.who, edit.verb, shown, edit.why.replace("[", r"\["))
    show.print(table)


def clean(*tubs: str, where: str, dry_run: bool = False, json: bool = False) -> None:
    """Delete the frames that fulfil an expression over their fields.

    Fields are index, steering, throttle, episode, mode, time_s and every other key of the records, with _ for /.

    Args:
        tubs: folders of recordings, or glob patterns.
        where: such as "throttle < 0.05", or 'episode == "22-11-29_0" and index < 40'.
        dry_run: say what would be deleted, and delete nothing.
        json: print one JSON object; with several tubs, a list.
    """
    opened = open_tubs(tubs)
    matching = [find(tub, where) for tub in opened]  # all are asked before any is changed
    if not dry_run:
        matching = [clean_tub(tub, where) for tub in opened]
    results = [{**_state(tub), "changed": len(found)} for tub, found in zip(opened, matching, strict=True)]
    if json:
        print_json(results[0] if len(results) == 1 else results)
        return
    for tub, found in zip(opened, matching, strict=True):
        verb = "would delete" if dry_run else "deleted"
        tell(show, f"{tub.path}: {verb} {len(found)} frames {_short(ranges_text(found))}".rstrip())
    if not dry_run and any(matching):
        tell(show, f"take it back: copycar tub undo {opened[0].path}")


def _check_named(chosen: set[int]) -> None:
    if not chosen:
        raise CopycarError("no frame was named", fix="name frames: 17, or 10:20 for the frames 10 to 19")


def _state(tub: Tub) -> dict[str, Any]:
    return {"tub": str(tub.path), "frames": len(tub), "deleted": len(tub.deleted)}


def _tell_state(tub: Tub, verb: str, chosen: list[int], json: bool) -> None:
    if json:
        print_json({**_state(tub), "changed": len(chosen)})
        return
    tell(show, f"{verb} {len(chosen)} frames {_short(ranges_text(chosen))}")
    tell(show, f"{tub.path}: {len(tub)} frames, {len(tub.deleted)} deleted; take it back: copycar tub undo {tub.path}")


def _short(text: str) -> str:
    """Return frame numbers in brackets, cut where they are many; nothing for none."""
    if not text:
        return ""
    return f"({text})" if len(text) <= 60 else f"({text[:57]}...)"
