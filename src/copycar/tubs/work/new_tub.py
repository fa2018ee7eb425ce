"""Write a new tub from records of others: pictures and labels may change, times and every other key stay.

Knows nothing of why. Times that stay let a split keep twins together, and a merged tub tell when it was recorded.
"""

import json
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from copycar.tubs.append import CatalogAppender
from copycar.tubs.contents import session_number
from copycar.tubs.entry import BASE_INPUTS
from copycar.tubs.judge import IMAGES
from copycar.tubs.manifest import Manifest
from copycar.tubs.new_folder import new_folder
from copycar.tubs.record import ANGLE, IMAGE, MODE, THROTTLE, Record, picture_name


class NewTub:
    """A tub that is being filled; made by `new_tub`."""

    def __init__(self, folder: Path, inputs: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        declared = BASE_INPUTS | dict(inputs)
        self._folder = folder
        self._manifest = Manifest(
            tuple(declared), tuple(declared.values()), dict(metadata), about={"created_at": time.time()}
        )
        self._catalog: CatalogAppender | None = None
        self._sessions: dict[str, None] = {}
        (folder / IMAGES).mkdir()

    def __len__(self) -> int:
        """How many frames it has."""
        return self._manifest.current_index

    def add(self, record: Record, jpeg: bytes, others: Mapping[str, bytes] | None = None) -> int:
        """Append a frame; return its number.

        Args:
            record: its action, session, times and values; its number and picture name are given anew.
            jpeg: its picture.
            others: record key to file content, for more cameras and depth pictures.

        Raises:
            OSError: disk full, or not writable.
        """
        index = len(self)
        pictures = {IMAGE: jpeg, **(others or {})}
        names = {key: picture_name(index, key, data) for key, data in pictures.items()}
        for key, data in pictures.items():
            (self._folder / IMAGES / names[key]).write_bytes(data)
        entry: dict[str, Any] = {MODE: "user", **record.values, **names}
        entry |= {ANGLE: record.action.steering, THROTTLE: record.action.throttle, "_index": index}
        entry |= {"_session_id": record.session, "_timestamp_ms": record.timestamp_ms, "_t_ns": record.t_ns}
        self._append(index, json.dumps({key: value for key, value in entry.items() if _is_json(value)}, sort_keys=True))
        if record.session:
            self._sessions[record.session] = None
        return index

    def finish(self) -> None:
        """Write the indexes and the manifest."""
        if self._catalog:
            self._catalog.write_index()
        about = dict(self._manifest.about)
        if self._sessions:
            names = list(self._sessions)
            last = max(map(session_number, names))
            about["sessions"] = {"all_full_ids": names, "last_id": last, "last_full_id": names[-1]}
        replace(self._manifest, about=about).write(self._folder)

    def close(self) -> None:
        """Close the files."""
        if self._catalog:
            self._catalog.close()

    def _append(self, index: int, line: str) -> None:
        if self._catalog is None or index % self._manifest.max_len == 0:
            if self._catalog:
                self._catalog.write_index()
                self._catalog.close()
            name = f"catalog_{len(self._manifest.paths)}.catalog"
            self._catalog = CatalogAppender(self._folder / name, index, time.time(), [])
            self._manifest = replace(self._manifest, paths=(*self._manifest.paths, name))
        self._catalog.append(line.encode("ascii") + b"\n")
        self._manifest = replace(self._manifest, current_index=index + 1)


@contextmanager
def new_tub(path: Path, inputs: Mapping[str, str], metadata: Mapping[str, Any]) -> Iterator[NewTub]:
    """Give a tub to fill; it appears at `path` when it is whole, and not at all after an error.

    Args:
        path: where it will be; must not exist.
        inputs: record keys to tub types, beyond donkeycar's usual four.
        metadata: the user's notes.

    Raises:
        CopycarError: `path` exists, cannot be written, or the disk is full.
    """
    with new_folder(path) as folder:
        tub = NewTub(folder, inputs, metadata)
        try:
            yield tub
            tub.finish()
        finally:
            tub.close()


def _is_json(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))
