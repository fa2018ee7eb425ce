"""Append lines to one catalog so that a kill or a full disk loses at most the line being written.

Knows nothing of records and manifests.
"""

import errno
import os
from pathlib import Path

from copycar.tubs.catalog import write_index


class CatalogAppender:
    """An open catalog. Made for a new file, or for a mended one together with what is in it.

    Args:
        path: the catalog; created with its first line.
        start_index: index of its first record.
        begun_s: seconds since 1970, for the line index.
        lengths: bytes of each line that is there already.

    Raises:
        OSError: not writable.
    """

    def __init__(self, path: Path, start_index: int, begun_s: float, lengths: list[int]) -> None:
        self.path = path
        self._start_index, self._begun_s = start_index, begun_s
        self._lengths = list(lengths)
        self._n_bytes = sum(lengths)
        self._file = path.open("ab", buffering=0)

    @property
    def n_lines(self) -> int:
        """How many lines the catalog has."""
        return len(self._lengths)

    def append(self, line: bytes) -> None:
        """Append one line, which ends in a line end; on an error nothing of it stays in the file.

        Raises:
            OSError: disk full, or not writable.
        """
        try:
            self._write(line)
        except OSError:
            self._file.truncate(self._n_bytes)
            raise
        self._lengths.append(len(line))
        self._n_bytes += len(line)

    def _write(self, line: bytes) -> None:
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, "only a part of the line could be written")

    def write_index(self) -> None:
        """Bring the catalog safely to disk and write its line index.

        Raises:
            OSError: disk full, or not writable.
        """
        os.fsync(self._file.fileno())
        write_index(self.path, self._begun_s, self._start_index, self._lengths)

    def close(self) -> None:
        """Close the file; the line index is the caller's to write."""
        self._file.close()
