"""Tar files that are the same bytes for the same content, and a reader that trusts none. Knows nothing of tubs."""

import gzip
import io
import shutil
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO

from copycar.core.errors import CopycarError

LEAST_ALLOWED_BYTES = 1 << 30
MOST_GROWTH = 100
"""An archive may unpack to so many times its own size, or to a GiB where that is more. Pictures shrink by a tenth at
most, and the catalogs of a tub by ten times; what shrinks a thousandfold was made to fill a disk."""
MOST_FILES = 20_000_000
MOST_PART_BYTES = 255
"""Longest name of one folder or file that usual file systems take."""
CHUNK = 1 << 20


def written(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a tar of files (name, content), in their order: no times, no owners, so the same bytes every time."""
    buffer = io.BytesIO()
    write_to(buffer, files)
    return buffer.getvalue()


def write_to(stream: IO[bytes], files: Iterable[tuple[str, bytes]]) -> None:
    """Write such a tar to a stream."""
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = len(content), 0o644, 0
            tar.addfile(member, io.BytesIO(content))


def extract(stream: IO[bytes], n_bytes: int, folder: Path, source: str) -> list[str]:
    """Unpack into `folder` and return the names of the files, in the order of the archive.

    Only plain files and folders below `folder` are made: a name that leads elsewhere, a link, a device, or more than
    such an archive can honestly hold ends it. The caller removes `folder` then.

    Args:
        stream: a tar, compressed by gzip or not.
        n_bytes: size of the archive.
        folder: exists.
        source: the archive's name, for messages.

    Raises:
        CopycarError: the archive is damaged, torn, or made to hurt.
    """
    names = []
    allowance = _Allowance(max(LEAST_ALLOWED_BYTES, MOST_GROWTH * n_bytes), folder, source)
    try:
        with tarfile.open(fileobj=_Forward(_unzipped(stream), allowance), mode="r:") as tar:
            while (member := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # it would keep all of them
                path = folder.joinpath(*_parts(member, source))
                if member.isdir():
                    continue  # the files in it make it
                names.append(path.relative_to(folder).as_posix())
                allowance.count_file()
                _write(tar, member, path, source)
    except (tarfile.TarError, EOFError, OverflowError, ValueError, zlib.error) as error:
        raise CopycarError(f"{source} is damaged", str(error), "send or download it again") from error
    except OSError as error:
        if error.errno is None:  # gzip's: not a gzip file, a wrong checksum
            raise CopycarError(f"{source} is damaged", str(error), "send or download it again") from error
        raise
    return names


class _Allowance:
    """How much may still be unpacked."""

    def __init__(self, most_bytes: int, folder: Path, source: str) -> None:
        self._most, self._source = most_bytes, source
        self._free = shutil.disk_usage(folder).free
        self._n_bytes = self._n_files = 0

    def count(self, n_bytes: int) -> None:
        """Count bytes that came out of the archive, before anything is done with them.

        Raises:
            CopycarError: that is more than is honest, or than the disk holds.
        """
        self._n_bytes += n_bytes
        if self._n_bytes > self._most:
            raise refused(self._source, f"it unpacks to more than {self._most / 1e9:.1f} GB")
        if self._n_bytes > self._free:
            raise CopycarError(f"{self._source} does not fit on the disk", fix="make room, or name another place")

    def count_file(self) -> None:
        """Count a file.

        Raises:
            CopycarError: these are more than is honest.
        """
        self._n_files += 1
        if self._n_files > MOST_FILES:
            raise refused(self._source, f"it holds more than {MOST_FILES:,} files")

    def check_read(self, n_bytes: int) -> None:
        """Refuse to take so much into memory at once: a header that says it is that long lies.

        Raises:
            CopycarError: it is too much.
        """
        if not 0 <= n_bytes <= CHUNK:
            raise refused(self._source, f"a header of {n_bytes:,} bytes")


class _Forward(io.RawIOBase):
    """What tarfile reads from: forward only, nothing large at once, everything counted.

    tarfile itself would read a header of any length that the archive claims into memory. Before each member it steps
    back by one byte, to see that the one before is whole; that byte is kept here.
    """

    def __init__(self, stream: IO[bytes], allowance: _Allowance) -> None:
        self._stream, self._allowance = stream, allowance
        self._place, self._last, self._is_back = 0, b"", False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, fewer at the end."""
        self._allowance.check_read(size)
        if self._is_back and size:
            self._is_back = False
            return self._last + self.read(size - 1) if size > 1 else self._last
        data = self._stream.read(size)
        self._allowance.count(len(data))
        self._place += len(data)
        self._last = data[-1:] or self._last
        return data

    def tell(self) -> int:
        """Return the place, in bytes."""
        return self._place - self._is_back

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Skip forward, or step back by one byte."""
        if whence != io.SEEK_SET or place < self._place - 1:
            raise tarfile.ReadError("it cannot be read from front to back")
        self._is_back = place == self._place - 1 and bool(self._last)
        while place > self._place and self.read(min(CHUNK, place - self._place)):
            pass
        return self.tell()

    def seekable(self) -> bool:
        """Return that tarfile may call `seek`."""
        return True


def _unzipped(stream: IO[bytes]) -> IO[bytes]:
    """Return the tar itself, whether it is compressed or not."""
    is_gzip = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    return gzip.GzipFile(fileobj=stream) if is_gzip else stream  # type: ignore[return-value]


def _parts(member: tarfile.TarInfo, source: str) -> tuple[str, ...]:
    """Return the parts of a member's name, all of them plain.

    Raises:
        CopycarError: it is neither a file nor a folder, or its name leads out of the folder.
    """
    if not (member.isreg() or member.isdir()) or member.issparse():
        raise refused(source, f"{member.name!r:.100} is neither a plain file nor a folder")
    path = PurePosixPath(member.name)
    parts = tuple(part for part in path.parts if part != ".")
    bad = path.is_absolute() or ".." in parts or (not parts and not member.isdir())
    if bad or any(not _is_plain(part) for part in parts):
        raise refused(source, f"the name {member.name!r:.100} leads out of the folder")
    return parts


def _is_plain(part: str) -> bool:
    """Return whether a name means the same on every system: no drive, no backslash, no zero byte."""
    return not set(part) & {"\\", ":", "\0"} and 0 < len(part.encode("utf-8", "surrogateescape")) <= MOST_PART_BYTES


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path, source: str) -> None:
    content = tar.extractfile(member)
    assert content is not None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            while chunk := content.read(CHUNK):
                file.write(chunk)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise refused(source, f"{member.name!r:.100} is in it twice") from None


def refused(source: str, why: str) -> CopycarError:
    """Return the error for an archive that was made to hurt."""
    return CopycarError(
        f"{source} was not unpacked", why, "nothing of it was kept; ask whoever made it for an honest archive"
    )
