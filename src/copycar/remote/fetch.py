"""Brings the parts of a parcel here, whole and proven by their hashes. Knows nothing of what they hold.

A part that was interrupted goes on where it stopped: what had arrived lies in `NAME.part`.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.remote.parcel import AT_ONCE, OnBytes, Part
from copycar.remote.place import Place

ATTEMPTS = 2
"""A part whose hash is wrong is fetched once more: it may have been altered on its way."""
CHUNK = 1 << 20


def fetch(place: Place, parts: Sequence[Part], folder: Path, on_bytes: OnBytes | None = None) -> int:
    """Write every part into `folder` under its name there, and return how many bytes had to be fetched.

    Args:
        place: the parcel.
        parts: what to fetch.
        folder: exists; parts that lie in it whole are left alone.
        on_bytes: is told how far it is.

    Raises:
        CopycarError: a part is missing or altered in the bucket, or as `Place.get`; what has arrived stays.
        OSError: the disk is full.
    """
    total = sum(part.n_bytes for part in parts)
    n_done = n_fetched = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for part, n_new in zip(parts, pool.map(lambda part: fetch_one(place, part, folder), parts), strict=True):
                n_done, n_fetched = n_done + part.n_bytes, n_fetched + n_new
                if on_bytes:
                    on_bytes(n_done, total)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return n_fetched


def fetch_one(place: Place, part: Part, folder: Path) -> int:
    """Write one part into `folder`; return how many bytes had to be fetched.

    Raises:
        CopycarError, OSError: as `fetch`.
    """
    final, partial = folder / part.object, folder / f"{part.object}.part"
    if final.is_file() and _digest(final) == part.sha256:
        return 0
    n_fetched = 0
    for _ in range(ATTEMPTS):
        n_fetched += _go_on(place, part, partial)
        if _digest(partial) == part.sha256:
            partial.replace(final)
            return n_fetched
        partial.unlink()
    raise CopycarError(
        f"{place.url}/{part.object} was altered in the bucket",
        "its content does not have the hash that its name says, twice in a row",
        "mend it where the original is: copycar remote push WHAT URL --verify",
    )


def _go_on(place: Place, part: Part, partial: Path) -> int:
    """Append what is missing of a part; return how many bytes that were."""
    start = partial.stat().st_size if partial.exists() else 0
    if start > part.n_bytes:
        start = 0
    with partial.open("r+b" if partial.exists() else "wb") as file:
        file.truncate(start)
        file.seek(start)
        if start == part.n_bytes:
            return 0
        for piece in place.stream(part.object, start):
            file.write(piece)
        return file.tell() - start


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
