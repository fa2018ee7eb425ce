"""What a car gives away and takes: the files of its recordings, and policies in pieces. Knows nothing of HTTP."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.driving.make import POLICY_SUFFIXES
from copycar.driving.runtime.policy import Policy
from copycar.studio.workplace import Workplace
from copycar.tubs.contents import is_tub
from copycar.tubs.manifest import MANIFEST

POLICIES = "policies"
"""Where a policy goes that is sent to the car."""

MOST_POLICY_BYTES = 1 << 30
SHA256 = re.compile(r"[0-9a-f]{64}")


def tub_rows(workplace: Workplace) -> list[dict[str, Any]]:
    """Return `{"name", "files", "bytes"}` of every recording."""
    rows = []
    for name in workplace.tubs():
        sizes = [path.stat().st_size for path in _files(workplace.path(name))]
        rows.append({"name": name, "files": len(sizes), "bytes": sum(sizes)})
    return rows


def tub_files(workplace: Workplace, tub: str) -> list[dict[str, Any]]:
    """Return `{"path", "bytes", "sha256"}` of every file of a recording, its manifest last.

    Whoever takes them in this order has no recording before he has all of it.

    Raises:
        CopycarError: no such recording.
    """
    folder = tub_folder(workplace, tub)
    paths = sorted(_files(folder), key=lambda path: (path.name == MANIFEST, path.suffix not in (".jpg", ".png"), path))
    return [
        {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in paths
    ]


def tub_folder(workplace: Workplace, tub: str) -> Path:
    """Return the folder of a recording.

    Raises:
        CopycarError: no such recording, or a name that leads out of the workplace.
    """
    folder = workplace.path(tub)
    if not is_tub(folder):
        raise CopycarError(f"there is no recording {tub!r}", fix="ask for the list again")
    return folder


def tub_file(workplace: Workplace, tub: str, path: str) -> Path:
    """Return one file of a recording.

    Raises:
        CopycarError: no such file, or one outside the recording.
    """
    folder = tub_folder(workplace, tub).resolve()
    file = (folder / path).resolve() if "\0" not in path else folder
    if not file.is_relative_to(folder) or not file.is_file() or file.name.startswith("."):
        raise CopycarError(f"{tub!r} has no file {path!r}", fix="ask for the list again")
    return file


def received(workplace: Workplace, sha256: str) -> int:
    """Return how many bytes of a policy have come so far."""
    part = _part(workplace, sha256)
    return part.stat().st_size if part.is_file() else 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a policy on its way to the car.

    Attributes:
        name: file name that the whole gets in `policies/`; one of that name is replaced.
        sha256: of the whole file.
        offset: where the piece begins; pieces come in order and without gaps.
        data: its bytes.
        is_last: whether it completes the file.
    """

    name: str
    sha256: str
    offset: int
    data: bytes
    is_last: bool


def receive(workplace: Workplace, piece: Piece) -> int:
    """Take a piece of a policy; with the last one check the whole, and let it be used. Return the bytes so far.

    Raises:
        CopycarError: a bad name or hash, a piece that does not fit, or a whole that is no policy.
    """
    name = piece.name
    if Path(name).name != name or Path(name).suffix not in POLICY_SUFFIXES or name.startswith("."):
        raise CopycarError(f"{name!r} is no name for a policy", fix=f"it ends with {' or '.join(POLICY_SUFFIXES)}")
    part = _part(workplace, piece.sha256)
    part.parent.mkdir(parents=True, exist_ok=True)
    so_far = received(workplace, piece.sha256)
    if piece.offset != so_far or so_far + len(piece.data) > MOST_POLICY_BYTES:
        raise CopycarError(f"a piece at {piece.offset} does not fit", f"{so_far} bytes have come", "go on from there")
    with part.open("ab") as file:
        file.write(piece.data)
    if piece.is_last:
        _accept(part, workplace.path(f"{POLICIES}/{name}"), piece.sha256)
    return so_far + len(piece.data)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _accept(part: Path, to: Path, sha256: str) -> None:
    """Give a whole policy its name; a bad one is thrown away."""
    candidate = part.with_name(f".{sha256}{to.suffix}")
    part.replace(candidate)
    try:
        if sha256_of(candidate) != sha256:
            raise CopycarError("the policy was damaged on its way", fix="send it again")
        Policy.load(candidate)
        candidate.replace(to)
    finally:
        candidate.unlink(missing_ok=True)


def _part(workplace: Workplace, sha256: str) -> Path:
    if not SHA256.fullmatch(sha256):
        raise CopycarError(f"{sha256!r} is no SHA-256")
    return workplace.path(f"{POLICIES}/.{sha256}.part")


def _files(folder: Path) -> list[Path]:
    """Return the files of a recording; hidden ones are somebody's notes or halves."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
