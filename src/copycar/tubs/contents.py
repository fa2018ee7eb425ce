"""All that a tub folder holds, read without writing a byte, and `mend`, which writes the repaired state back.

Knows nothing of pictures and of what a record means. The catalogs are the truth; the manifest and the line indexes
only repeat what can be rebuilt from them (but for the deletions and the user's metadata).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.catalog import (
    Catalog,
    LinesOnDisk,
    catalog_number,
    created_at,
    index_path,
    read_catalog,
    read_index,
    write_index,
)
from copycar.tubs.manifest import MANIFEST, Manifest, read_manifest
from copycar.tubs.record import IMAGE, Raw, frame_number

MOST_KEPT = 20_000  # lines: some 20 MB; parsing them again would cost 30 ms


@dataclass(frozen=True, slots=True)
class Contents:
    """A tub folder as it is, with the manifest as it should be.

    Attributes:
        folder: the tub.
        manifest: rebuilt where it was damaged or did not fit the catalogs.
        catalogs: in order.
        numbers: int64 (N,) as `Catalog.numbers`, for the lines of all catalogs.
        repairs: what was rebuilt, in plain words.
    """

    folder: Path
    manifest: Manifest
    catalogs: list[Catalog]
    numbers: NDArray[np.int64]
    repairs: list[str]

    def lines(self) -> Iterator[Raw | None]:
        """Yield every line of every catalog: its place in this order is the record's position."""
        for catalog in self.catalogs:
            yield from catalog.lines

    def frame_numbers(self) -> NDArray[np.int64]:
        """Return the number of the frame at every position, (N,); an unreadable line's is its position."""
        return np.where(self.numbers < 0, np.arange(len(self.numbers)), self.numbers)

    def live_lines(self, every_nth_catalog: int) -> Iterator[Raw]:
        """Yield the readable lines of every n-th catalog that are not marked as deleted."""
        starts = [0, *accumulate(len(catalog.lines) for catalog in self.catalogs)]
        for catalog, start in list(zip(self.catalogs, starts, strict=False))[::every_nth_catalog]:
            for position, line in enumerate(catalog.lines, start):
                if line and position not in self.manifest.deleted_indexes:
                    yield line

    @property
    def n_lines(self) -> int:
        """How many positions the tub has."""
        return len(self.numbers)

    @property
    def image_key(self) -> str:
        """The record key of the pictures: donkeycar's usual one if any record has it, else the first declared one."""
        if any(IMAGE in line for line in self.lines() if line):
            return IMAGE
        named = zip(self.manifest.inputs, self.manifest.types, strict=True)
        return next((name for name, kind in named if kind == "image_array"), IMAGE)


def is_tub(folder: Path) -> bool:
    """Return whether `folder` holds a manifest or a catalog."""
    return (folder / MANIFEST).is_file() or bool(_catalogs_on_disk(folder))


def read_contents(folder: Path, *, most_kept: int = MOST_KEPT) -> Contents:
    """Read a tub folder in whatever state it is.

    Args:
        folder: the tub.
        most_kept: so many lines stay in memory; those beyond are read anew by whoever asks for them.

    Raises:
        OSError: the folder or a file in it cannot be read at all.
    """
    written, repairs = read_manifest(folder)
    names, missing = _catalog_names(folder, written)
    repairs += [f"{name} is listed but missing: its frames are lost" for name in missing]
    catalogs: list[Catalog] = []
    numbers = [np.empty(0, dtype=np.int64)]
    n_read = 0
    for name in names:
        catalog = read_catalog(folder / name)
        repairs += _catalog_repairs(catalog)
        numbers.append(catalog.numbers())
        n_read += len(catalog.lines)
        catalogs.append(catalog if n_read <= most_kept else _without_lines(catalog))
    if written.paths and set(names) - set(written.paths):
        added = [name for name in names if name not in written.paths]
        repairs.append(f"{', '.join(added)} was not listed in {MANIFEST}: added")
    contents = Contents(folder, written, catalogs, np.concatenate(numbers), repairs)
    return _with_fitting_manifest(contents, names, has_lost_catalogs=bool(missing))


def mend(contents: Contents) -> None:
    """Write the repaired state to disk: ends torn lines, rebuilds line indexes and the manifest where they differ.

    Only a half written line at the very end of a catalog is ever cut off. A healthy tub is not written to. The caller
    holds the lock.

    Raises:
        OSError: not writable or disk full.
    """
    for partial in contents.folder.glob(".*.partial"):  # what `write_atomic` leaves when it is killed
        partial.unlink()
    next_position = 0
    for catalog in contents.catalogs:
        if catalog.torn_bytes:
            os.truncate(catalog.path, catalog.path.stat().st_size - catalog.torn_bytes)
        if catalog.is_unfinished:
            with catalog.path.open("ab") as file:
                file.write(b"\n")
        _mend_index(catalog, next_position)
        next_position += len(catalog.lines)
    path, text = contents.folder / MANIFEST, contents.manifest.text()
    if not path.is_file() or path.read_bytes() != text.encode():
        contents.manifest.write(contents.folder)


def _mend_index(catalog: Catalog, start_position: int) -> None:
    index = read_index(catalog.path)
    if index.get("line_lengths") == catalog.lengths and "start_index" in index:
        return
    write_index(catalog.path, created_at(catalog.path), start_index(catalog, start_position), catalog.lengths)


def start_index(catalog: Catalog, default: int) -> int:
    """Return the index of a catalog's first record, `default` where it has none."""
    return frame_number(catalog.lines[0] or {}, default) if catalog.lines else default


def _catalogs_on_disk(folder: Path) -> list[str]:
    names = [entry.name for entry in folder.iterdir() if catalog_number(entry.name) >= 0]
    return sorted(names, key=catalog_number)


def _catalog_names(folder: Path, manifest: Manifest) -> tuple[list[str], list[str]]:
    """Return the catalogs to read in order, and those that the manifest lists but that are not there."""
    on_disk = _catalogs_on_disk(folder)
    listed = [name for name in dict.fromkeys(manifest.paths) if (folder / name).is_file()]
    names = [*listed, *(name for name in on_disk if name not in listed)]
    if all(catalog_number(name) >= 0 for name in names):
        names.sort(key=catalog_number)
    return names, [name for name in manifest.paths if name not in listed]


def _without_lines(catalog: Catalog) -> Catalog:
    return replace(catalog, lines=LinesOnDisk(catalog.path, len(catalog.lines)))


def _catalog_repairs(catalog: Catalog) -> list[str]:
    repairs: list[str] = []
    name, n_bad = catalog.path.name, catalog.lines.count(None)
    if catalog.torn_bytes:
        repairs.append(f"{name} ends in a half written line ({catalog.torn_bytes} bytes): left out")
    if catalog.is_unfinished:
        repairs.append(f"{name} ends without a line end: the last frame is whole and kept")
    if catalog.n_salvaged:
        repairs.append(f"{name}: {catalog.n_salvaged} frames saved that were written behind a torn line")
    if n_bad:
        first = catalog.lines.index(None) + 1
        repairs.append(f"{name}: {n_bad} unreadable lines skipped (first: line {first})")
    if catalog.lines and read_index(catalog.path).get("line_lengths") != catalog.lengths:
        repairs.append(f"{index_path(catalog.path).name} does not fit its catalog: rebuilt")
    return repairs


def _with_fitting_manifest(contents: Contents, names: list[str], has_lost_catalogs: bool) -> Contents:
    manifest = contents.manifest
    indexes = contents.frame_numbers()
    next_index = max(len(indexes), int(indexes.max(initial=-1)) + 1)
    repairs = list(contents.repairs)
    if has_lost_catalogs:  # never give a number out twice: the lost catalog may come back from a backup
        next_index = max(next_index, manifest.current_index)
    if manifest.paths and not has_lost_catalogs and next_index != manifest.current_index:
        repairs.append(f"{MANIFEST} counted {manifest.current_index} frames, the catalogs hold {next_index}: corrected")
    deleted = manifest.deleted_indexes
    if has_lost_catalogs:  # positions have moved; whoever deletes means the frame's number
        deleted = frozenset(place for place, index in enumerate(indexes.tolist()) if index in deleted)
    beyond = [place for place in deleted if place >= len(indexes)]
    if beyond:
        repairs.append(f"{len(beyond)} deletions beyond the last frame (first: {min(beyond)}): ignored")
    inputs, types = _inputs(contents)
    fitting = replace(
        manifest,
        inputs=inputs,
        types=types,
        about=manifest.about or _about(contents),
        paths=tuple(names),
        current_index=next_index,
        deleted_indexes=deleted - frozenset(beyond),
    )
    return replace(contents, manifest=fitting, repairs=repairs)


def _inputs(contents: Contents) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the declared inputs, or those of the first record where the declaration was lost."""
    manifest = contents.manifest
    first = next((line for line in contents.lines() if line), None)
    if manifest.inputs or not first:
        return manifest.inputs, manifest.types
    names = sorted((name for name in first if not name.startswith("_")), key=lambda name: (name != IMAGE, name))
    return tuple(names), tuple(tub_type(name, first[name]) for name in names)


def tub_type(name: str, value: object) -> str:
    """Return the tub type that fits a value."""
    if name == IMAGE:
        return "image_array"
    names = {bool: "boolean", int: "int", float: "float", str: "str", list: "list"}
    return names.get(type(value), "str")


def _about(contents: Contents) -> dict[str, object]:
    first = next((line for line in contents.lines() if line), {})
    stamp = first.get("_timestamp_ms")
    about: dict[str, object] = {"created_at": stamp / 1000} if isinstance(stamp, int | float) else {}
    sessions = session_ids(contents)
    if sessions:
        about["sessions"] = {
            "all_full_ids": sessions,
            "last_id": max(map(session_number, sessions)),
            "last_full_id": sessions[-1],
        }
    return about


def session_ids(contents: Contents) -> list[str]:
    """Return every session id that a record carries, in order of first appearance."""
    ids = dict.fromkeys(line.get("_session_id") for line in contents.lines() if line)
    return [name for name in ids if isinstance(name, str) and name]


def session_number(name: str) -> int:
    """Return n of a session id `yy-mm-dd_n`, -1 for any other text.

    >>> session_number("26-11-21_3")
    3
    """
    _, _, number = name.rpartition("_")
    return int(number) if number.isdecimal() else -1
