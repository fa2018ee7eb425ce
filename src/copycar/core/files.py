"""Write a file so that a reader, or a power cut, sees the old content or the new and nothing between."""

import json
import os
from pathlib import Path
from typing import Any


def write_atomic(path: Path, content: str | bytes) -> None:
    """Replace `path` by `content` in one step; on any error the old file is untouched.

    Raises:
        OSError: the folder is missing or not writable, or the disk is full.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    data = content.encode() if isinstance(content, str) else content
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, atomically. NaN is refused: it is not JSON.

    Raises:
        ValueError: `value` holds NaN or infinity.
    """
    write_atomic(path, json.dumps(value, indent=2, allow_nan=False) + "\n")
