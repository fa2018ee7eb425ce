"""What `describe` said of a long recording, kept beside it until the recording changes. Knows nothing of its content.

Whether it changed is told by the names, sizes and times of the manifest, the catalogs and the picture folder. Only a
picture that is overwritten in place, under its own name, goes unseen.
Short recordings are always looked at anew, and nothing is ever written for them.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from copycar.core.files import write_json
from copycar.tubs.info import describe

REMEMBERED = ".copycar-info.json"
VERSION = 1  # to be raised when `describe` tells more or counts otherwise
LONG_FRAMES = 20_000  # about a second of looking

Described = dict[str, Any]


def describe_once(path: str | Path, *, is_fresh: bool = False, long_frames: int = LONG_FRAMES) -> Described:
    """Return what `describe` says, from memory where the recording has not changed since.

    A folder that cannot be written to is described each time; so is one whose memory is damaged.

    Args:
        path: the recording's folder.
        is_fresh: look again in any case, and remember that.
        long_frames: from how many frames on, deleted ones among them, the description is kept.

    Raises:
        CopycarError: as `describe`.
    """
    folder = Path(path).expanduser()
    state = _state(folder)  # before looking: what a recorder adds meanwhile makes it differ
    known = None if is_fresh else _recall(folder, state)
    if known:
        return known | {"path": str(folder)}
    described = describe(folder)
    if described["frames"] + described["deleted"] >= long_frames:
        with contextlib.suppress(OSError, ValueError):  # read-only, full, NaN in the metadata: look again next time
            write_json(folder / REMEMBERED, {"version": VERSION, "state": state, "described": described})
    return described


def _state(folder: Path) -> str:
    """Return a text that changes with the files of the tub; "" where they cannot be read."""
    try:
        with os.scandir(folder) as entries:
            files = sorted(entry.name for entry in entries if not entry.name.startswith("."))
        times = [(name, (stat := (folder / name).stat()).st_size, stat.st_mtime_ns) for name in files]
    except OSError:
        return ""
    return hashlib.sha256(repr(times).encode()).hexdigest()


def _recall(folder: Path, state: str) -> Described | None:
    try:
        kept = json.loads((folder / REMEMBERED).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not state or not isinstance(kept, dict) or (kept.get("version"), kept.get("state")) != (VERSION, state):
        return None
    described = kept.get("described")
    return described if isinstance(described, dict) and {"path", "frames", "repaired"} <= described.keys() else None
