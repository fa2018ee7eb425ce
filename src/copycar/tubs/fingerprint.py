"""One short text that names the content of recordings: equal content, equal text, wherever it lies.

Knows nothing of who asks. Pictures count by name and size in bytes when the tub was opened, so that it takes a second
for 100,000 frames.
"""

import hashlib
from collections.abc import Iterable

from copycar.tubs.record import Row
from copycar.tubs.tub import Tub


def fingerprint(tubs: Tub | Iterable[Tub]) -> str:
    """Return 16 hexadecimal digits for the live frames of one tub, or of several in this order.

    Deleting a frame changes it, restoring it brings the old one back; repairing, moving or copying a tub does not
    change it.
    """
    return _joined(_tub_digest(tub) for tub in ([tubs] if isinstance(tubs, Tub) else tubs))


class TubFingerprint:
    """The fingerprint of one tub whose live records come by, in order, one at a time."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, row: Row) -> None:
        """Count the next record."""
        values = sorted(row.values.items())
        about = row.number, row.session, row.timestamp_ms, (row.steering, row.throttle), values
        self._digest.update(repr((*about, row.name, row.picture_bytes)).encode())

    def digest(self) -> bytes:
        """Return the digest of the records so far."""
        return self._digest.digest()

    def text(self) -> str:
        """Return what `fingerprint` would say of the tub."""
        return _joined([self.digest()])


def _joined(digests: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(digests)).hexdigest()[:16]


def _tub_digest(tub: Tub) -> bytes:
    of_tub = TubFingerprint()
    for row in tub.records.rows():
        of_tub.add(row)
    return of_tub.digest()
