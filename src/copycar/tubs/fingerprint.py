"""One short text that names the content of recordings: equal content, equal text, wherever it lies.

Knows nothing of who asks. Pictures count by name and size in bytes, so that it takes a second for 100,000 frames.
"""

import hashlib
from collections.abc import Iterable

from copycar.tubs.judge import list_pictures
from copycar.tubs.record import Record
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

    def add(self, record: Record, picture_bytes: int | None) -> None:
        """Count the next record and the size of its picture file."""
        values = sorted(record.values.items())
        about = record.index, record.session, record.timestamp_ms, tuple(record.action), values
        self._digest.update(repr((*about, record.image_path.name, picture_bytes)).encode())

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
    sizes = list_pictures(tub.path)
    for record in tub.records:
        of_tub.add(record, sizes.get(record.image_path.name))
    return of_tub.digest()
