"""Bring a recording from a car: file by file, resumable, each verified by its hash, local edits never overwritten."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.core.progress import OnProgress
from copycar.studio.car.files import sha256_of
from copycar.studio.car.link import CarLink

NOTE = ".pulled.json"
"""In a pulled recording: which file came with which hash, so that an edit made here is seen."""

SIDE_BY_SIDE = 4
"""Files at a time: each waits for one way there and back over Wi-Fi."""


def pull_tub(car: CarLink, tub: str, to: Path, on_bytes: OnProgress) -> int:
    """Bring a recording to the folder `to`; return the bytes that had to come.

    What is here already, whole or in part, does not come again. The manifest comes last: before that there is no
    recording here, however it ends.

    Raises:
        CopycarError: the car does not answer; a file was damaged or changed on the way; or one was edited here.
    """
    files = car.tub_files(tub)
    _require_inside(files)
    known = _known(to)
    _require_unedited(to, files, known)
    total, here, came = sum(file["bytes"] for file in files), 0, 0

    def bring(file: dict[str, Any]) -> tuple[int, int]:
        return file["bytes"], _bring(car, tub, file, to)

    for part in (files[:-1], files[-1:]):
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for size, new in pool.map(bring, part):
                here, came = here + size, came + new
                on_bytes(here, total)
    write_json(to / NOTE, {file["path"]: file["sha256"] for file in files})
    return came


def _bring(car: CarLink, tub: str, file: dict[str, Any], to: Path) -> int:
    path = to / file["path"]
    if path.is_file() and path.stat().st_size == file["bytes"] and sha256_of(path) == file["sha256"]:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{file['sha256'][:16]}.part")
    came = car.fetch(tub, file["path"], part) if _size(part) < file["bytes"] or not file["bytes"] else 0
    if sha256_of(part) != file["sha256"]:
        part.unlink()
        raise CopycarError(
            f"{file['path']} is not what the car announced",
            "it was damaged on its way, or the car still records into this tub",
            "pull again: what is here already does not come twice",
        )
    part.replace(path)
    return came


def _require_inside(files: Sequence[dict[str, Any]]) -> None:
    for file in files:
        path = PurePosixPath(file["path"])
        if path.is_absolute() or ".." in path.parts or "\\" in file["path"] or "\0" in file["path"]:
            raise CopycarError(f"the car names a file {file['path']!r}", "it leads out of the recording")


def _require_unedited(to: Path, files: Sequence[dict[str, Any]], known: dict[str, str]) -> None:
    """Refuse where a file that came from the car was changed here, and would be lost."""
    for file in files:
        path, came = to / file["path"], known.get(file["path"])
        if came and file["sha256"] != came and path.is_file() and sha256_of(path) != came:
            raise CopycarError(
                f"{to} was edited here since it was pulled",
                f"{file['path']} is another one here and on the car",
                "rename your folder, then pull again",
            )


def _known(to: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        known: dict[str, str] = json.loads((to / NOTE).read_text("utf-8"))
        return known
    return {}


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
