"""Convert a recording of any known format into any other: all of it or nothing. Knows no format by name but the tub.

The result is made in a hidden folder beside the destination and renamed when it is whole; whatever interrupts the
conversion, the destination is either complete or not there.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any, NoReturn

from copycar.core.errors import CopycarError
from copycar.tubs.formats.donkeycar_v2 import Writing
from copycar.tubs.formats.format import Export, Format, split_options
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.record import Recorded, record_shots
from copycar.tubs.formats.registry import FORMATS, detect_format
from copycar.tubs.formats.shot import Shot
from copycar.tubs.recognise import not_a_tub
from copycar.tubs.tub import Tub

TUB = "tub"
MOST_FOLDERS = 100  # looked into to say where a recording lies

OnProgress = Callable[[int, int], None]
"""Is told (frames done, frames in all); the second is 0 while nobody knows."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What came of it.

    Attributes:
        source, destination: as they were named.
        source_format, destination_format: names in `FORMATS`.
        frames: in the destination, deleted ones not counted.
        deleted: frames that are there but marked as deleted.
        episodes: uninterrupted drives.
        dropped: frames of the source that are not in the destination.
        notes: what was left out, changed or assumed, in plain words.
    """

    source: str
    destination: str
    source_format: str
    destination_format: str
    frames: int
    deleted: int
    episodes: int
    dropped: int
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return all of it under the same names; `from` and `to` are the formats."""
        values = asdict(self)
        return {"from": values.pop("source_format"), "to": values.pop("destination_format")} | values


def convert(
    source: str | Path,
    destination: str | Path,
    *,
    from_: str = "",
    to: str = "",
    options: Mapping[str, Any] | None = None,
    on_progress: OnProgress | None = None,
) -> Conversion:
    """Convert `source` into `destination`, which must not exist yet.

    Args:
        source: folder or file of any known format.
        destination: folder or file to make.
        from_: format of the source; "" finds it out.
        to: format of the destination; "" tells it by the file name's ending, else makes a tub.
        options: of the two formats (`Format.reading` and `Format.writing`); JPEG files are copied as they are.
        on_progress: is told how far it is.

    Raises:
        CopycarError: no recording, unknown format, one that cannot be read or written, the destination exists, not
            one frame can be used, or the disk is full. The source is never changed and nothing half made is left.
    """
    source, destination = Path(source).expanduser(), Path(destination).expanduser()
    from_ = from_ or detect_format(source) or _unknown(source)
    to = to or _by_suffix(destination)
    reader, writer = FORMATS.get(from_), FORMATS.get(to)
    _check_direction(from_, reader, to, writer)
    reading, writing = split_options(options or {}, reader.reading, writer.writing)
    notes = Notes()
    with _whole_or_nothing(destination) as (scratch, result):
        tub, recorded = source, None
        if from_ != TUB or to == TUB:
            tub = result if to == TUB else scratch / TUB
            notes.metadata["converted_from"] = f"{from_}: {source.resolve().name}"
            shots = _read(reader, source, reading, notes)
            advance = _counter(on_progress, lambda: notes.expected)
            recorded = record_shots(shots, tub, notes, writing if to == TUB else Writing(), advance)
        if recorded is None or to != TUB:
            recorded = _export(Tub.open(tub), writer, Export(result, destination.name, writing, notes), on_progress)
    return Conversion(
        str(source),
        str(destination),
        from_,
        to,
        recorded.frames,
        recorded.deleted,
        recorded.episodes,
        notes.dropped,
        notes.sentences(),
    )


def _read(reader: Format, source: Path, options: Any, notes: Notes) -> Iterator[Shot]:
    assert reader.read is not None  # `_check_direction` has made sure
    return reader.read(source, options, notes)


def _export(tub: Tub, writer: Format, export: Export, on_progress: OnProgress | None) -> Recorded:
    assert writer.write is not None  # `_check_direction` has made sure
    if not tub.records:
        raise CopycarError(f"{tub.path} has only deleted frames", fix="bring some back: copycar tub restore")
    if tub.deleted:
        export.notes.say(f"{len(tub.deleted)} deleted frames are left out")
    for repair in tub.repairs:
        export.notes.say(repair)
    advance = _counter(on_progress, lambda: len(tub))
    n_frames = writer.write(tub, export, advance)
    return Recorded(n_frames, 0, len(tub.episodes))


def _check_direction(from_: str, reader: Format, to: str, writer: Format) -> None:
    if reader.read is None:
        raise CopycarError(f"{from_} is written by copycar, but not read", fix=f"read one of: {_names('read')}")
    if writer.write is None and to != TUB:
        raise CopycarError(f"{to} is read by copycar, but not written", fix=f"write one of: {TUB}, {_names('write')}")


def _names(ability: str) -> str:
    return ", ".join(name for name in FORMATS if getattr(FORMATS.get(name), ability))


def _by_suffix(destination: Path) -> str:
    """Return the format that is a file of this ending, else a tub."""
    endings = {FORMATS.get(name).suffix: name for name in FORMATS}
    return endings.get(destination.suffix.lower() or "none", TUB)


def _unknown(source: Path) -> NoReturn:
    """Say what lies at `source` instead of a recording."""
    if not source.exists():
        raise not_a_tub(source)
    inside = sorted(path.name for path in _first_folders(source) if detect_format(path))
    if inside:
        names = ", ".join(inside[:5]) + (" …" if len(inside) > 5 else "")
        fix = f"convert one: copycar tub convert {source / inside[0]} NEW_FOLDER"
        raise CopycarError(f"{source} is not a recording", f"it holds {len(inside)} of them: {names}", fix)
    raise CopycarError(
        f"{source} is no recording that copycar knows", fix=f"say which it is with --from: {_names('read')}"
    )


def _first_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return list(islice((path for path in folder.iterdir() if path.is_dir()), MOST_FOLDERS))


def _counter(on_progress: OnProgress | None, total: Callable[[], int]) -> Callable[[], None]:
    done = count(1)

    def advance() -> None:
        if on_progress:
            on_progress(next(done), total())

    return advance


@contextmanager
def _whole_or_nothing(destination: Path) -> Iterator[tuple[Path, Path]]:
    """Give a hidden folder beside `destination` and a path in it, which becomes `destination` when all went well.

    Raises:
        CopycarError: something is there already, or nothing can be written there.
    """
    is_empty_folder = destination.is_dir() and not any(destination.iterdir())
    if os.path.lexists(destination) and not is_empty_folder:
        raise CopycarError(f"{destination} exists already", "a conversion never writes over anything", "name another")
    scratch = destination.with_name(f".{destination.name}.{os.getpid()}.partial")
    try:
        scratch.mkdir(parents=True)
        yield scratch, scratch / "result"
        if is_empty_folder:
            destination.rmdir()
        (scratch / "result").rename(destination)
    except OSError as error:
        why = f"{error.strerror}: {error.filename}"
        raise CopycarError(f"cannot write {destination}", why, "free some space or name another place") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
