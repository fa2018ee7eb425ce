"""One writer per tub: a lock that the operating system itself lifts when its owner dies, even by kill -9.

Knows nothing of tubs. Only writers take it; reading never waits and never writes.
"""

import contextlib
import os
import sys
from pathlib import Path

from copycar.core.errors import CopycarError

LOCK = ".copycar.lock"


class FolderLock:
    """The right to write in a folder, held from creation to `release`.

    Raises:
        CopycarError: somebody else holds it, or the folder is not writable.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._descriptor = self._take()

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Give the right back; does nothing the second time."""
        if self._descriptor < 0:
            return
        with contextlib.suppress(OSError):  # Windows refuses to remove an open file; a left-over lock file locks nobody
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1

    def _take(self) -> int:
        while True:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            except OSError as error:
                raise CopycarError(
                    f"cannot write in {self._path.parent}", error.strerror or str(error), "record into another folder"
                ) from error
            if not _lock(descriptor):
                owner = _owner(descriptor)
                os.close(descriptor)
                raise CopycarError(
                    f"{self._path.parent} is being written by process {owner}",
                    "two writers at once would mix their frames",
                    "stop the other recorder first, or use another folder",
                )
            if _is_same_file(descriptor, self._path):
                os.truncate(descriptor, 0)
                os.write(descriptor, str(os.getpid()).encode())
                return descriptor
            os.close(descriptor)  # its owner removed the file between our opening and locking it


def _owner(descriptor: int) -> str:
    try:
        return os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
    except (OSError, AttributeError):  # Windows has no pread and forbids reading a locked byte
        return "unknown"


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks, such as some network shares: better unlocked than unusable
            return True
        return True
