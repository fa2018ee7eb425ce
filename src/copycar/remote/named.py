"""Single files in a bucket under a name that people read and a hash that programs check. Knows no kinds of files.

`models/pilot.0002.3fa94c0d21b87e55.onnx` is the second policy called `pilot`. Somebody who pushes another one of that
name adds to it and destroys nothing: the highest number counts.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.remote.parcel import OnBytes, Sent
from copycar.remote.place import Place

DIGITS = 16
"""Of the hash in a name: enough that no two files of one name share them."""
STORED = rf"\.(\d{{4,}})\.([0-9a-f]{{{DIGITS}}})(\.\w+)"
"""What comes after the name: number, hash, suffix."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file in a bucket.

    Attributes:
        object: its name there.
        file: its name here, such as `pilot.onnx`.
        n_bytes: its size.
        digits: beginning of its sha256.
        number: from 1, in the order of the pushes.
    """

    object: str
    file: str
    n_bytes: int
    digits: str
    number: int


def send_files(place: Place, name: str, files: Sequence[Path], on_bytes: OnBytes | None = None) -> Sent:
    """Send files, which differ in their suffix, as the thing called `name`; what is there already is not sent again.

    Raises:
        CopycarError: as `Place.put`.
    """
    newest = {each.file: each for each in find_files(place, name)}
    total = sum(path.stat().st_size for path in files)
    n_sent = n_done = 0
    for path in files:
        data = path.read_bytes()
        digits, last = hashlib.sha256(data).hexdigest()[:DIGITS], newest.get(name + path.suffix)
        if last is None or last.digits != digits:
            number = last.number + 1 if last else 1
            place.put(f"{name}.{number:04d}.{digits}{path.suffix}", data)
            n_sent += len(data)
        n_done += len(data)
        if on_bytes:
            on_bytes(n_done, total)
    return Sent(f"{place.url}/{name}", n_sent, total, ())


def find_files(place: Place, name: str) -> list[Named]:
    """Return the newest file of every suffix that belongs to `name`.

    Raises:
        CopycarError: as `Place.find`.
    """
    pattern = re.compile(re.escape(name) + STORED)
    newest: dict[str, Named] = {}
    for found in place.find():
        if match := pattern.fullmatch(found.name):
            number, digits, suffix = match.groups()
            each = Named(found.name, name + suffix, found.n_bytes, digits, int(number))
            newest[suffix] = max(newest.get(suffix, each), each, key=lambda one: (one.number, one.digits))
    return [newest[suffix] for suffix in sorted(newest)]


def names_in(place: Place) -> list[str]:
    """Return the names of all things of a kind, sorted.

    Raises:
        CopycarError: as `Place.find`.
    """
    pattern = re.compile(f"(.+){STORED}")
    return sorted({match[1] for found in place.find() if (match := pattern.fullmatch(found.name))})


def fetch_file(place: Place, file: Named, folder: Path) -> tuple[Path, int]:
    """Bring one file to `folder` under its own name; return it, and how many bytes were fetched.

    Raises:
        CopycarError: it was altered in the bucket, or another file of its name lies here; or as `Place.get`.
        OSError: the disk is full.
    """
    path, partial = folder / file.file, folder / f".{file.file}.part"
    if path.exists():
        if _digits(path) == file.digits:
            return path, 0
        raise CopycarError(f"{path} exists already and is another file", fix="name another folder: --out FOLDER")
    with partial.open("wb") as stream:
        for piece in place.stream(file.object):
            stream.write(piece)
    if _digits(partial) != file.digits:
        partial.unlink()
        raise CopycarError(f"{place.url}/{file.object} was altered in the bucket", fix="push the original again")
    partial.replace(path)
    return path, file.n_bytes


def _digits(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]
