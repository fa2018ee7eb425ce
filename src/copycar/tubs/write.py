"""`TubWriter`: record frames into a new or an existing tub. Knows nothing of cameras and of who drives.

The catalogs are append-only and written frame by frame: picture first, then its line. The line indexes and the
manifest only repeat what the catalogs say, so they are replaced (atomically) every `INDEX_EVERY` frames and
on closing. Whenever the process is killed, opening the tub again rebuilds them.
"""

import contextlib
import errno
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Any

from copycar.core.clock import Clock, RealClock
from copycar.core.errors import CopycarError
from copycar.core.frame import Frame
from copycar.tubs.append import CatalogAppender
from copycar.tubs.catalog import catalog_number, created_at
from copycar.tubs.contents import Contents, is_tub, mend, read_contents, session_ids, session_number, start_index
from copycar.tubs.entry import BASE_INPUTS, catalog_line, check_types
from copycar.tubs.history import DELETE, record_edit
from copycar.tubs.jpeg import QUALITY, encode_jpeg, jpeg_size
from copycar.tubs.judge import IMAGES
from copycar.tubs.lock import FolderLock
from copycar.tubs.manifest import MAX_LEN, Manifest
from copycar.tubs.more_pictures import encode_more_pictures
from copycar.tubs.recognise import foreign_kind
from copycar.tubs.record import file_name, image_name, picture_name

INDEX_EVERY = 200  # frames, 10 s at 20 Hz: what donkeycar would miss of a killed recording; copycar misses none
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class TubWriter:
    """One recording session. Only one writer may be open per tub; `append` and `erase_last` may be called from threads.

    A new tub is created with its first frame. An existing one, donkeycar's too, is mended and continued: its declared
    inputs stay as they are (donkeycar refuses to append to a tub that declares other inputs than its own; keys beyond
    the declared ones disturb no reader), new metadata is added to its own.

    Args:
        path: the tub's folder.
        extras: record key -> tub type, declared in a new tub: `float`, `int`, `str`, `boolean`, `vector` (rows of
            numbers), `image_array` (a further camera), `gray16_array` (depth). Frames may carry other plain values too.
        metadata: the user's notes, e.g. `{"location": "hall"}`.
        clock: tells the wall time beside each frame's own monotonic time.
        jpeg_quality: 1 … 100.
        max_len: records per catalog of a new tub.

    Raises:
        CopycarError: the folder is another kind of recording, is not writable, or somebody else is writing in it.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        extras: Mapping[str, str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        jpeg_quality: int = QUALITY,
        max_len: int = MAX_LEN,
    ) -> None:
        self.path = Path(path).expanduser()
        self._types = dict(extras or {})
        check_types(self._types)
        self._clock = clock or RealClock()
        self._quality = jpeg_quality
        self._mutex = RLock()
        self._catalog: CatalogAppender | None = None
        self._live: list[tuple[int, int]] = []  # (index, position) of this session's frames that are not erased
        self._n_written = 0
        self._manifest = Manifest()
        self._is_closed = self._has_failed = False
        self._lock = _lock_folder(self.path)
        try:
            contents = read_contents(self.path)
            if is_tub(self.path):
                mend(contents)
            self._continue(contents, dict(metadata or {}), max_len)
        except OSError as error:
            self._lock.release()
            raise self._failure(error) from error
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> "TubWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        """How many frames of this session are on disk and not erased."""
        return len(self._live)

    def append(self, frame: Frame) -> int:
        """Encode and record one frame; return its index. When this returns, killing the process cannot lose it.

        Raises:
            CopycarError: the picture or action cannot be recorded, the disk is full, or the writer is closed.
        """
        return self.append_encoded(frame, encode_jpeg(frame.image, self._quality))

    def append_encoded(self, frame: Frame, jpeg: bytes) -> int:
        """Record a frame whose picture is encoded already; `frame.image` is not looked at.

        Encode in as many threads as you like (`encode_jpeg`), but call this in the order of the drive: the order of
        the calls is the order of the recording.

        Raises:
            CopycarError: as `append`.
        """
        with self._mutex:
            self._check_open()
            self._check_size(jpeg)
            index = self._manifest.current_index
            more = encode_more_pictures(frame.extras, self._types, self._quality)
            names = {key: picture_name(index, key, data) for key, data in more.items()}
            frame = replace(frame, extras={**frame.extras, **names})
            line = catalog_line(frame, index, self.session, round(self._clock.wall_s() * 1000), self._types)
            pictures = {names[key]: data for key, data in more.items()} | {image_name(index): jpeg}
            try:
                self._write(index, pictures, line)
            except OSError as error:
                self._has_failed = True
                raise self._failure(error) from error
            return index

    def erase_last(self, n: int) -> int:
        """Mark the newest `n` frames of this session as deleted; return how many there were. `Tub.undo` takes it back.

        Raises:
            CopycarError: the disk is full, or the writer is closed.
        """
        with self._mutex:
            self._check_open()
            erased = self._live[max(0, len(self._live) - max(0, n)) :]
            if not erased:
                return 0
            deleted = self._manifest.deleted_indexes | {position for _, position in erased}
            self._manifest = replace(self._manifest, deleted_indexes=deleted)
            try:
                record_edit(self.path, DELETE, (index for index, _ in erased), "erased while driving")
                self._manifest.write(self.path)
            except OSError as error:
                raise self._failure(error) from error
            del self._live[len(self._live) - len(erased) :]
            return len(erased)

    def close(self) -> None:
        """Write the indexes, let others write; does nothing the second time.

        Raises:
            CopycarError: the indexes cannot be written. No frame is lost; opening the tub again rebuilds them.
        """
        with self._mutex:
            if self._is_closed:
                return
            self._is_closed = True
            try:
                self._write_indexes()
            except OSError as error:
                if not self._has_failed:  # else the reason has been told already
                    raise self._failure(error) from error
            finally:
                if self._catalog:
                    self._catalog.close()
                self._lock.release()

    def _continue(self, contents: Contents, metadata: dict[str, Any], max_len: int) -> None:
        manifest, now_s = contents.manifest, self._clock.wall_s()
        if not manifest.inputs:
            inputs = BASE_INPUTS | self._types
            manifest = replace(manifest, inputs=tuple(inputs), types=tuple(inputs.values()))
        if not contents.catalogs:
            manifest = replace(manifest, about={"created_at": now_s} | manifest.about, max_len=max_len)
        self._number = 1 + max(map(session_number, [*session_ids(contents), *_session_names(manifest), ""]))
        self.session = f"{time.strftime('%y-%m-%d', time.localtime(now_s))}_{self._number}"
        self._manifest = replace(manifest, metadata=manifest.metadata | metadata)
        self._next_position = contents.n_lines
        self._image_size = _size_of_a_picture(contents)
        if contents.catalogs:
            last = contents.catalogs[-1]
            first_index = start_index(last, contents.n_lines - len(last.lines))
            self._catalog = CatalogAppender(last.path, first_index, created_at(last.path), last.lengths)

    def _write(self, index: int, pictures: Mapping[str, bytes], line: bytes) -> None:
        for name, data in pictures.items():
            _write_picture(self.path / IMAGES / name, data)
        has_new_catalog = self._roll_over(index)
        assert self._catalog is not None
        self._catalog.append(line)
        about = self._manifest.about
        if not self._n_written:
            about = _with_session(about, self._number, self.session)
        self._manifest = replace(self._manifest, about=about, current_index=index + 1)
        self._live.append((index, self._next_position))
        self._next_position += 1
        self._n_written += 1
        if has_new_catalog or self._n_written % INDEX_EVERY == 1:
            self._write_indexes()

    def _roll_over(self, index: int) -> bool:
        """Begin a new catalog where donkeycar would: at every multiple of `max_len`. Return whether one was begun."""
        is_full = index % self._manifest.max_len == 0 and self._catalog is not None and self._catalog.n_lines > 0
        if self._catalog and not is_full:
            return False
        if self._catalog:
            self._catalog.write_index()
            self._catalog.close()
        paths = self._manifest.paths
        name = f"catalog_{1 + max([-1, *map(catalog_number, paths)])}.catalog"
        self._catalog = CatalogAppender(self.path / name, index, self._clock.wall_s(), [])
        self._manifest = replace(self._manifest, paths=(*paths, name))
        return True

    def _write_indexes(self) -> None:
        if self._catalog and self._n_written:
            self._catalog.write_index()
            self._manifest.write(self.path)

    def _check_open(self) -> None:
        if self._is_closed:
            raise CopycarError(f"the recording into {self.path} is closed", fix="open a new TubWriter")

    def _check_size(self, jpeg: bytes) -> None:
        try:
            height, width = jpeg_size(jpeg)
        except ValueError as error:
            raise CopycarError("a picture that is no JPEG cannot be recorded", str(error)) from error
        self._image_size = self._image_size or (height, width)
        if self._image_size != (height, width):
            raise CopycarError(
                f"a picture of {width}x{height} pixels does not fit {self.path}",
                f"its other pictures have {self._image_size[1]}x{self._image_size[0]}",
                "record into another folder",
            )

    def _failure(self, error: OSError) -> CopycarError:
        is_full = error.errno in DISK_FULL
        what = f"the disk is full: recording into {self.path} stopped" if is_full else f"cannot write in {self.path}"
        why = f"{error.strerror}; the {self._n_written} frames of this session so far are safe"
        return CopycarError(what, why, "free some space and record again" if is_full else "check the folder")


def _lock_folder(path: Path) -> FolderLock:
    kind = foreign_kind(path)
    if kind:
        raise CopycarError(f"{path} is not a tub", f"it looks like {kind}", "record into another folder")
    try:
        (path / IMAGES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CopycarError(f"cannot record into {path}", error.strerror or str(error), "name another folder") from error
    return FolderLock(path)


def _write_picture(path: Path, jpeg: bytes) -> None:
    try:
        path.write_bytes(jpeg)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _size_of_a_picture(contents: Contents) -> tuple[int, int] | None:
    """Return (height, width) of the first readable picture; None in a new tub."""
    key = contents.image_key
    for line in contents.lines():
        name = file_name((line or {}).get(key))
        with contextlib.suppress(OSError, ValueError):
            return jpeg_size((contents.folder / IMAGES / name).read_bytes())
    return None


def _session_names(manifest: Manifest) -> list[str]:
    sessions = manifest.about.get("sessions")
    return [str(sessions.get("last_full_id", ""))] if isinstance(sessions, dict) else []


def _with_session(about: dict[str, Any], number: int, name: str) -> dict[str, Any]:
    """Return line 4 of the manifest with this session added, as donkeycar does when a session ends."""
    sessions = about.get("sessions")
    known = sessions.get("all_full_ids") if isinstance(sessions, dict) else None
    names = [*(known if isinstance(known, list) else []), name]
    return about | {"sessions": {"all_full_ids": names, "last_id": number, "last_full_id": name}}
