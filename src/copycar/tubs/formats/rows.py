"""Rows of a table on disk and the pictures they name, whatever state both are in. Knows no particular format."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.tubs.formats.notes import Notes
from copycar.tubs.record import file_name

MOST_LINE_BYTES = 65_536  # rows of these formats have some hundred bytes
MOST_PICTURE_BYTES = 64 * 1024**2
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        fields: without surrounding blanks.
        place: file and line, for messages.
    """

    fields: list[str]
    place: str


def read_rows(path: Path, notes: Notes, delimiter: str = ",") -> Iterator[Row]:
    """Yield the rows that hold anything. A quote that is never closed costs one row, and so does an endless line.

    Bytes that are not UTF-8 are kept as they are, so that file names in another encoding are still found.

    Raises:
        CopycarError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MOST_LINE_BYTES):
                number += 1
                place = f"{path.name} line {number}"
                if len(line) == MOST_LINE_BYTES and not line.endswith(b"\n"):
                    _skip_line(file)
                    notes.drop("on a line without end", place)
                    continue
                fields = _fields(line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line, delimiter)
                if any(fields):
                    yield Row(fields, place)
    except OSError as error:
        raise CopycarError(f"{path} cannot be read", error.strerror or str(error)) from error


def count_lines(path: Path) -> int:
    """Return how many line ends a file has; 0 where it cannot be read."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0


def finite(text: object) -> float | None:
    """Return the number that `text` stands for; None unless it is finite.

    >>> finite(" 0.5"), finite("nan"), finite("left"), finite(None)
    (0.5, None, None, None)
    """
    if not isinstance(text, str | int | float) or isinstance(text, bool):
        return None
    try:
        value = float(text)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def find_picture(folders: list[Path], recorded: object) -> Path | None:
    r"""Return the picture that a row names, or None.

    Only the last part of the recorded path counts, so that a recording opens wherever it was moved to, whatever system
    it was made on, and can never point outside its own folder.
    """
    name = file_name(recorded.strip() if isinstance(recorded, str) else recorded)
    return next((folder / name for folder in folders if name and (folder / name).is_file()), None)


def load_picture(folders: list[Path], recorded: object, notes: Notes, place: str) -> bytes | None:
    """Return the bytes of the picture that a row names; None, and a note, where it cannot be had."""
    path = find_picture(folders, recorded)
    if path is None:
        notes.drop("whose picture is not there", f"{place}, {file_name(recorded) or 'no file name'}")
        return None
    try:
        if path.stat().st_size > MOST_PICTURE_BYTES:
            notes.drop(f"with a picture file beyond {MOST_PICTURE_BYTES // 1024**2} MB", f"{place}, {path.name}")
            return None
        return path.read_bytes()
    except OSError as error:
        notes.drop(f"whose picture cannot be read ({error.strerror})", f"{place}, {path.name}")
        return None


def _skip_line(file: object) -> None:
    while (piece := file.readline(MOST_LINE_BYTES)) and not piece.endswith(b"\n"):  # type: ignore[attr-defined]
        pass


def _fields(line: bytes, delimiter: str) -> list[str]:
    text = line.decode("utf-8", errors="surrogateescape").translate({0: None, 10: None, 13: None})
    return [field.strip() for row in csv.reader([text], delimiter=delimiter) for field in row]
