"""Which frames of a tub count: delete, restore, undo, redo, on the disk alone. Knows nothing of records and pictures.

The time it takes does not grow with what the frames hold: `Tub` does the same and reads the tub anew afterwards.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.tubs.contents import mend, read_contents
from copycar.tubs.history import DELETE, RESTORE, Edit, read_history, record_edit, redoable, undoable
from copycar.tubs.judge import latest_positions
from copycar.tubs.lock import FolderLock


def change(folder: Path, verb: str, indexes: Iterable[int], why: str, undoes: int = 0) -> None:
    """Mark frames as deleted or restored, and mend what is damaged.

    Args:
        folder: the tub.
        verb: `DELETE` or `RESTORE`.
        indexes: frame numbers; those that are so already may be among them.
        why: kept in the tub's history.
        undoes: number of the edit that this one takes back; 0 for none.

    Raises:
        CopycarError: the tub has no such frame, is being written by somebody else, or is not writable.
    """
    with FolderLock(folder):
        contents = read_contents(folder)  # somebody may have appended meanwhile
        positions = latest_positions(contents)
        wanted = set(indexes)
        unknown = wanted - positions.keys()
        if unknown:
            raise CopycarError(f"{folder} has no frame {min(unknown)}", f"its frames are {_range(positions)}")
        before = contents.manifest.deleted_indexes
        changed = {index for index in wanted if (positions[index] in before) == (verb == RESTORE)}
        after = before ^ {positions[index] for index in changed}
        with _changing(folder):
            if changed or undoes:
                record_edit(folder, verb, changed, why, undoes)
            mend(replace(contents, manifest=replace(contents.manifest, deleted_indexes=after)))


def undo(folder: Path) -> Edit:
    """Take the newest edit back that still holds, and return it.

    Raises:
        CopycarError: there is none; or as `change`.
    """
    edits = undoable(read_history(folder))
    if not edits:
        raise CopycarError(f"nothing to undo in {folder}", "nobody has deleted or restored frames in it")
    newest = edits[0]
    opposite = RESTORE if newest.verb == DELETE else DELETE
    change(folder, opposite, newest.indexes, f"undo: {newest.why}".rstrip(": "), undoes=newest.number)
    return newest


def redo(folder: Path) -> Edit:
    """Do again what was undone last, and return the edit; an edit in between leaves nothing to redo.

    Raises:
        CopycarError: there is nothing to redo; or as `change`.
    """
    edits = read_history(folder)
    undone = redoable(edits)
    if not undone:
        raise CopycarError(f"nothing to redo in {folder}", "nothing was undone since the last edit")
    edit = next(edit for edit in edits if edit.number == undone[0].undoes)
    change(folder, edit.verb, edit.indexes, f"redo: {edit.why}".rstrip(": "), undoes=undone[0].number)
    return edit


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CopycarError(
            f"{folder} cannot be changed", f"{error.strerror}: {error.filename}", "nothing was lost"
        ) from error


def _range(positions: dict[int, int]) -> str:
    return f"{min(positions)} … {max(positions)}" if positions else "none"
