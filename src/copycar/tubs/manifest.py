"""`manifest.json` of a tub: five lines of JSON, read with patience and written in one step.

Knows nothing of catalogs and pictures. The layout is donkeycar's (`parts/datastore_v2.py`): 1 input keys, 2 their
types, 3 the user's metadata, 4 `created_at` and `sessions`, 5 `paths`, `current_index`, `max_len`, `deleted_indexes`.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copycar.core.files import write_atomic
from copycar.tubs.record import file_name

MANIFEST = "manifest.json"
MAX_LEN = 1000  # records per catalog, donkeycar's default


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the manifest says, with donkeycar's own names for the keys of lines 4 and 5.

    Attributes:
        inputs, types: keys that records may hold and their tub types, in parallel.
        metadata: line 3, the user's.
        about: line 4: `created_at` (seconds since 1970) and, after the first session, `sessions`.
        paths: catalog file names in order.
        current_index: index of the next record.
        max_len: records per catalog.
        deleted_indexes: positions (lines counted over all catalogs from 0) that count as deleted.
    """

    inputs: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    current_index: int = 0
    max_len: int = MAX_LEN
    deleted_indexes: frozenset[int] = frozenset()

    def text(self) -> str:
        """Return the file's content, byte for byte as donkeycar would write it."""
        catalogs = {
            "paths": list(self.paths),
            "current_index": self.current_index,
            "max_len": self.max_len,
            "deleted_indexes": sorted(self.deleted_indexes),
        }
        lines = [list(self.inputs), list(self.types), self.metadata, self.about, catalogs]
        return "".join(json.dumps(line) + "\n" for line in lines)

    def write(self, folder: Path) -> None:
        """Replace the manifest of the tub at `folder` in one step.

        Raises:
            OSError: not writable or disk full; the old manifest is untouched.
        """
        write_atomic(folder / MANIFEST, self.text())


def read_manifest(folder: Path) -> tuple[Manifest, list[str]]:
    """Read what can be read, and say in plain words what could not.

    A lost line leaves the field's default: everything in it but the deletions can be rebuilt from the catalogs.
    """
    try:
        lines = (folder / MANIFEST).read_bytes().splitlines()
    except FileNotFoundError:
        return Manifest(), [f"{MANIFEST} is missing: rebuilt from the catalogs"]
    parsed = [_parse(line) for line in [*lines, *[b""] * 5][:5]]
    names, types, metadata, about, catalogs = parsed
    is_whole = [isinstance(names, list), isinstance(types, list), *(isinstance(line, dict) for line in parsed[2:])]
    repairs = [] if all(is_whole) else [_damage(is_whole)]
    if not isinstance(catalogs, dict):
        catalogs = {"deleted_indexes": _torn_deletions(lines)}
    inputs, input_types = _pairs(names, types)
    manifest = Manifest(
        inputs=inputs,
        types=input_types,
        metadata=metadata if isinstance(metadata, dict) else {},
        about=about if isinstance(about, dict) else {},
        paths=tuple(name for name in map(file_name, _list(catalogs.get("paths"))) if name),
        current_index=_count(catalogs.get("current_index"), 0),
        max_len=_count(catalogs.get("max_len"), 0) or MAX_LEN,
        deleted_indexes=frozenset(n for n in _list(catalogs.get("deleted_indexes")) if type(n) is int and n >= 0),
    )
    return manifest, repairs


def _damage(is_whole: list[bool]) -> str:
    lost = [str(number) for number, whole in enumerate(is_whole, 1) if not whole]
    deletions = ", as far as it can be read: check the deletions" if not is_whole[4] else ""
    return f"{MANIFEST} is damaged (line {', '.join(lost)}): rebuilt from the catalogs{deletions}"


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _torn_deletions(lines: list[bytes]) -> list[int]:
    """Return the deletions that a torn line 5 still shows; the last number may be cut in half and is left out."""
    for line in lines:
        found = re.search(rb'"deleted_indexes": ?\[([\d, ]*)(\]?)', line)
        if found:
            whole = found[1] if found[2] else found[1].rpartition(b",")[0]
            return [int(number) for number in whole.split(b",") if number.strip()]
    return []


def _pairs(names: Any, types: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pairs = [(str(name), str(kind)) for name, kind in zip(_list(names), _list(types), strict=False)]
    return tuple(name for name, _ in pairs), tuple(kind for _, kind in pairs)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any, default: int) -> int:
    return value if type(value) is int and value >= 0 else default
