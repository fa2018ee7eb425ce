"""What a format is to the converter: how to know it, read it, write it. Knows no particular one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copycar.core.errors import CopycarError, did_you_mean
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.shot import Shot

if TYPE_CHECKING:  # `Tub` asks the formats what a folder is that is no tub
    from copycar.tubs.tub import Tub


@dataclass(frozen=True, slots=True)
class NoOptions:
    """A format that needs to be told nothing."""


@dataclass(frozen=True, slots=True)
class Export:
    """Where and how to write a tub.

    Attributes:
        destination: folder to create, or file; somewhere temporary until all is written.
        name: how the destination will be called in the end, for formats that write it into their rows.
        options: of the format's own `writing` class.
        notes: to be told what the format cannot hold.
    """

    destination: Path
    name: str
    options: Any
    notes: Notes


Reader = Callable[[Path, Any, Notes], Iterator[Shot]]
"""Yields the frames of a path; opens what it needs when the first is asked for."""

Writer = Callable[["Tub", Export, Callable[[], None]], int]
"""Writes the live frames of a tub, calls the function after each, and returns how many it wrote."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way of keeping recordings.

    Attributes:
        words: what it is, to follow "it looks like" ("a TensorKart recording").
        detect: whether a path holds one; quick, and false rather than an error.
        read: yields its frames, one episode after the other; None where it is only written.
        write: writes a tub's frames; None where it is only read.
        reading, writing: frozen dataclasses of its options, every field with a default.
        suffix: of the file that it is; "" where it is a folder.
    """

    words: str
    detect: Callable[[Path], bool]
    read: Reader | None = None
    write: Writer | None = None
    reading: type = NoOptions
    writing: type = NoOptions
    suffix: str = ""


def split_options(given: Mapping[str, Any], reading: type, writing: type) -> tuple[Any, Any]:
    """Return the options of the reader and of the writer, each made of those that were given for it.

    Raises:
        CopycarError: neither knows one of them, or a value is impossible.
    """
    known = {field.name for kind in (reading, writing) for field in fields(kind)}
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) if known else "leave it out"
            raise CopycarError(f"--{name.replace('_', '-')} means nothing for this conversion", fix=hint)
    return _build(reading, given), _build(writing, given)


def positive(name: str, value: float) -> None:
    """Make sure that an option is above zero.

    Raises:
        CopycarError: it is not.
    """
    if not value > 0:
        raise CopycarError(f"{name} {value:g} is not possible", fix="choose a number above 0")


def _build(kind: type, given: Mapping[str, Any]) -> Any:
    return kind(**{field.name: given[field.name] for field in fields(kind) if field.name in given})
