"""Where copycar keeps what it can make again, and how it keeps that small. Knows nothing of what is kept.

Every entry is a folder. It holds `about.json`, which names the folder that it was made from: an entry whose source is
gone is the first to go, then those that were not used for longest.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from copycar.core.files import write_json

MOST_BYTES = 20 * 10**9  # all entries together: some five million frames of 160x120
LEAST_FREE_BYTES = 2 * 10**9  # of the disk, which nothing is kept beyond
ABOUT = "about.json"


def user_cache() -> Path:
    """Return the user's folder for caches, by the customs of the system; `XDG_CACHE_HOME` names another."""
    if folder := os.environ.get("XDG_CACHE_HOME"):
        return Path(folder) / "copycar"
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "copycar" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "copycar"
    return home / ".cache" / "copycar"


class NoRoomError(Exception):
    """Nothing more can be kept; the text says why."""


def claim(entry: Path, source: Path, n_bytes: int, most_bytes: int = MOST_BYTES) -> None:
    """Make `entry` with room for `n_bytes` more, removing others where needed.

    Args:
        entry: a folder beside the other entries.
        source: the folder it is made from.
        n_bytes: what will be added to it.
        most_bytes: what all entries may take together.

    Raises:
        NoRoomError: the disk is full or the folder cannot be written.
    """
    try:
        entry.mkdir(parents=True, exist_ok=True)
        write_json(entry / ABOUT, {"source": str(source.resolve())})
        _remove_others(entry, _size(entry) + n_bytes, most_bytes)
        free = shutil.disk_usage(entry).free
    except OSError as error:
        raise NoRoomError(f"{entry} cannot be written ({error.strerror or error})") from error
    if free < n_bytes + LEAST_FREE_BYTES:
        raise NoRoomError(f"only {free / 1e9:.1f} GB are free on the disk of {entry}")


def _remove_others(kept: Path, n_bytes: int, most_bytes: int) -> None:
    others = (entry for entry in kept.parent.iterdir() if entry.is_dir() and entry != kept)
    for other in sorted(others, key=_last_used, reverse=True):
        size = _size(other)
        if _last_used(other) and n_bytes + size <= most_bytes:
            n_bytes += size
        else:
            shutil.rmtree(other, ignore_errors=True)


def _last_used(entry: Path) -> float:
    """Return when an entry was last used, seconds since 1970; 0 where what it was made from is gone."""
    try:
        source = json.loads((entry / ABOUT).read_bytes())["source"]
        return entry.stat().st_mtime if Path(source).is_dir() else 0.0
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0


def _size(entry: Path) -> int:
    return sum(path.stat().st_size for path in entry.iterdir() if path.is_file())
