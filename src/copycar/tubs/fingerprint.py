"""One short text that names the content of recordings: equal content, equal text, wherever it lies.

Knows nothing of who asks. Pictures count by name and size in bytes, so that it takes a second for 100,000 frames.
"""

import hashlib
from collections.abc import Iterable

from copycar.tubs.judge import list_pictures
from copycar.tubs.tub import Tub


def fingerprint(tubs: Tub | Iterable[Tub]) -> str:
    """Return 16 hexadecimal digits for the live frames of one tub, or of several in this order.

    Deleting a frame changes it, restoring it brings the old one back; repairing, moving or copying a tub does not
    change it.
    """
    digest = hashlib.sha256()
    for tub in [tubs] if isinstance(tubs, Tub) else tubs:
        digest.update(_tub_digest(tub))
    return digest.hexdigest()[:16]


def _tub_digest(tub: Tub) -> bytes:
    digest = hashlib.sha256()
    sizes = list_pictures(tub.path)
    for record in tub.records:
        name = record.image_path.name
        values = sorted(record.values.items())
        line = (record.index, record.session, record.timestamp_ms, tuple(record.action), values, name, sizes.get(name))
        digest.update(repr(line).encode())
    return digest.digest()
