"""`Tub`: a recording on disk, opened in place, whatever state it is in. Knows nothing of learning.

Opening never writes: a damaged tub is repaired in memory and `Tub.repairs` says what was done. The repaired state is
written back when somebody edits the tub, appends to it, or asks for it (`Tub.repair`).
"""

import glob
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.frame import Decision, Episode, Frame, Image
from copycar.tubs.contents import MOST_KEPT, Contents, is_tub, read_contents
from copycar.tubs.edit import change, redo, undo
from copycar.tubs.episodes import find_episodes, find_gaps
from copycar.tubs.history import DELETE, RESTORE, Edit, read_history
from copycar.tubs.jpeg import decode_jpeg, what_is_wrong
from copycar.tubs.judge import Judge, list_pictures
from copycar.tubs.load import common_image_size
from copycar.tubs.more_pictures import decode_more_pictures
from copycar.tubs.read import read_picture
from copycar.tubs.recognise import not_a_tub
from copycar.tubs.record import MODE, PILOT_ANGLE, PILOT_THROTTLE, Record
from copycar.tubs.records import Records, pack_blocks
from copycar.tubs.store import BadImage


class Tub:
    """A recording. Made by `Tub.open`.

    Attributes:
        path: its folder.
        records: the live records in order: neither deleted nor unusable.
        deleted: indexes of the records that are marked as deleted.
        metadata: the user's notes (line 3 of the manifest).
        inputs: declared record keys and their tub types.
        damage: what is damaged in the tub's files and was repaired on opening, in plain words.
        left_out: fault of single frames in words -> numbers of the frames that have it.
        repairs: both, in plain words; empty for a healthy tub.
    """

    def __init__(self, path: Path, contents: Contents) -> None:
        self.path = path
        self._fill(contents)

    @classmethod
    def open(cls, path: str | Path) -> "Tub":
        """Open the tub at `path` for reading; nothing is written.

        Raises:
            CopycarError: no such folder, not a tub (it says what it is instead), unreadable, or without any frame.
        """
        folder = Path(path).expanduser()
        contents = open_contents(folder)
        tub = cls(folder, contents)
        if not tub.records and not tub.deleted:
            raise no_frames(folder, tub.repairs)
        return tub

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"Tub({str(self.path)!r}, {len(self.records)} frames)"

    @cached_property
    def episodes(self) -> list[Episode]:
        """Uninterrupted drives: runs of one session id; a tub without session ids is one episode."""
        return find_episodes(self.records)

    @cached_property
    def gaps(self) -> list[int]:
        """Places in `records` whose record does not directly follow the one before; no sequence may span one."""
        return find_gaps(self.records)

    @property
    def segments(self) -> list[range]:
        """The stretches of places in `records` between gaps: inside one, every frame follows the one before."""
        edges = [0, *self.gaps, len(self.records)]
        return [range(a, b) for a, b in pairwise(edges) if b > a]

    @cached_property
    def image_size(self) -> tuple[int, int]:
        """(height, width) in pixels that most pictures have, by a sample.

        Raises:
            CopycarError: not one picture can be read.
        """
        return common_image_size(self.records)

    def frames(self, on_bad: Callable[[BadImage], None] | None = None) -> Iterator[Frame]:
        """Decode and yield one frame after the other, further cameras and depth among its extras.

        Args:
            on_bad: is told of each unreadable picture, which is then skipped.

        Raises:
            CopycarError: a picture is unreadable and there is no `on_bad`.
        """
        for record in self.records:
            data = read_picture(record.image_path)
            try:
                frame = _frame(record, decode_jpeg(data, self.image_size))
            except ValueError:
                bad = BadImage(record, what_is_wrong(data, self.image_size))
                if on_bad is None:
                    raise CopycarError(f"{record.image_path} cannot be used", bad.reason, "delete its frame") from None
                on_bad(bad)
            else:
                yield replace(frame, extras={**frame.extras, **decode_more_pictures(record, self.inputs)})

    @property
    def history(self) -> list[Edit]:
        """Every edit of this tub, oldest first."""
        return read_history(self.path)

    def delete(self, indexes: Iterable[int], why: str = "") -> None:
        """Mark frames as deleted; nothing is removed from disk and `restore` or `undo` brings them back.

        Args:
            indexes: frame numbers; those deleted already may be among them.
            why: kept in the tub's history.

        Raises:
            CopycarError: the tub has no such frame, is being written by somebody else, or is not writable.
        """
        self._edit(DELETE, indexes, why)

    def restore(self, indexes: Iterable[int], why: str = "") -> None:
        """Bring deleted frames back.

        Raises:
            CopycarError: as `delete`.
        """
        self._edit(RESTORE, indexes, why)

    def undo(self) -> Edit:
        """Take the newest edit back that still holds, and return it.

        Raises:
            CopycarError: there is none; or as `delete`.
        """
        edit = undo(self.path)
        self._fill(read_contents(self.path))
        return edit

    def redo(self) -> Edit:
        """Do again what was undone last, and return the edit; an edit in between leaves nothing to redo.

        Raises:
            CopycarError: there is nothing to redo; or as `delete`.
        """
        edit = redo(self.path)
        self._fill(read_contents(self.path))
        return edit

    def repair(self) -> None:
        """Write the repaired state to disk, so that donkeycar opens the tub as well. A healthy tub is left alone.

        Raises:
            CopycarError: the tub is being written by somebody else, or is not writable.
        """
        self._edit(DELETE, [], "")

    def _edit(self, verb: str, indexes: Iterable[int], why: str) -> None:
        change(self.path, verb, indexes, why)
        self._fill(read_contents(self.path))

    def _fill(self, contents: Contents) -> None:
        judge = Judge(contents, list_pictures(contents.folder).get)
        manifest = contents.manifest
        self.records: Records = pack_blocks(judge.blocks())
        self.deleted = frozenset(judge.deleted)
        self.metadata: dict[str, Any] = manifest.metadata
        self.inputs = dict(zip(manifest.inputs, manifest.types, strict=True))
        self.damage = list(contents.repairs)
        self.left_out = dict(judge.left_out)
        self.repairs = [*contents.repairs, *judge.repairs()]
        for name in ("episodes", "gaps", "image_size"):
            self.__dict__.pop(name, None)


def open_tubs(paths: str | Path | Iterable[str | Path]) -> list[Tub]:
    """Open several tubs; a path may be a glob pattern, which means the tubs among its matches.

    Raises:
        CopycarError: as `Tub.open`; or a pattern matches no tub; or no path is given.
    """
    return [Tub.open(folder) for folder in find_tubs(paths)]


def find_tubs(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """Return the folders that the paths and glob patterns name, each once, in order; nothing is opened.

    Raises:
        CopycarError: a pattern matches no tub; or no path is given.
    """
    paths = [paths] if isinstance(paths, str | Path) else paths
    folders = [folder for path in paths for folder in _expand(str(Path(path).expanduser()))]
    if not folders:
        raise CopycarError("no tub was named", fix="name one or more folders of recordings")
    unique = {folder.resolve(): folder for folder in reversed(folders)}
    return list(reversed(unique.values()))


def _expand(path: str) -> list[Path]:
    if Path(path).exists() or not glob.has_magic(path):
        return [Path(path)]
    folders = [Path(match) for match in sorted(glob.glob(path, recursive=True)) if Path(match).is_dir()]  # noqa: PTH207
    tubs = [folder for folder in folders if is_tub(folder)]
    if not tubs:
        raise CopycarError(f"{path} matches no tub", f"it matches {len(folders)} folders without a manifest.json")
    return tubs


def open_contents(folder: Path, *, most_kept: int = MOST_KEPT) -> Contents:
    """Read what a tub folder holds; `most_kept` as in `read_contents`.

    Raises:
        CopycarError: no such folder, not a tub (it says what it is instead), or unreadable.
    """
    try:
        if not folder.is_dir() or not is_tub(folder):
            raise not_a_tub(folder)
        return read_contents(folder, most_kept=most_kept)
    except OSError as error:
        raise CopycarError(f"{folder} cannot be read", f"{error.strerror}: {error.filename}") from error


def no_frames(folder: Path, repairs: list[str]) -> CopycarError:
    """Return the error for a tub without any frame."""
    why = "; ".join(repairs) or "nothing has been recorded into it yet"
    return CopycarError(f"{folder} has no frames", why, f"record some: copycar drive ENV --record {folder}")


def _frame(record: Record, image: Image) -> Frame:
    source = "human" if record.values.get(MODE, "user") == "user" else "policy"
    t_ns = record.t_ns if record.t_ns is not None else (record.timestamp_ms or 0) * 1_000_000
    extras = {key: value for key, value in record.values.items() if key not in {MODE, PILOT_ANGLE, PILOT_THROTTLE}}
    return Frame(image, Decision(record.executed, record.action, source), t_ns, extras)
