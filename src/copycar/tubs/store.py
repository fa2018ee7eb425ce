"""Pictures at hand, raw as the camera gave them: decoded, or as JPEGs where they would not fit into memory.

Knows nothing of files. Both kinds answer `store[places]` with uint8 (B, H, W, 3): a reader need not know which it has.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.jpeg import decode_jpeg_into
from copycar.tubs.record import Record
from copycar.tubs.records import Records

CHUNK = 16  # pictures per task: some 1 ms of work

Images = NDArray[np.uint8]
Places = slice | Sequence[int] | NDArray[np.integer]
"""Which rows of a store: a slice, or whole numbers in any order, repeats allowed."""


class BadImage(NamedTuple):
    """A record whose picture cannot be used, and why, in plain words."""

    record: Record
    reason: str


class ImageStore(Protocol):
    """The pictures of many records.

    Attributes:
        records: the record of every row; those with bad pictures are not among them.
        bad: what was left out.
        notes: what the user should know of how they are kept.
    """

    records: Records
    bad: list[BadImage]
    notes: list[str]

    @property
    def image_size(self) -> tuple[int, int]:
        """(height, width) in pixels."""

    @property
    def n_bytes(self) -> int:
        """Bytes that the pictures take, in memory or mapped into it."""

    def __len__(self) -> int: ...

    def __getitem__(self, places: Places) -> Images:
        """Return the pictures at `places`, uint8 (B, H, W, 3)."""


class DecodedImages:
    """Every picture decoded, in one array.

    Attributes:
        images: uint8 (N, H, W, 3), row i belongs to `records[i]`.
    """

    def __init__(self, images: Images, records: Records, bad: list[BadImage]) -> None:
        self.images, self.records, self.bad = images, records, bad
        self.notes: list[str] = []

    @property
    def image_size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.images.shape[1], self.images.shape[2]

    @property
    def n_bytes(self) -> int:
        """Bytes of the array."""
        return self.images.nbytes

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, places: Places) -> Images:
        return self.images[places] if isinstance(places, slice) else self.images.take(np.asarray(places), axis=0)


class Jpegs(Protocol):
    """The JPEGs of a store, row by row."""

    @property
    def n_bytes(self) -> int:
        """Bytes of all of them."""

    def __getitem__(self, row: int) -> bytes | memoryview: ...


class EncodedImages:
    """Every picture as a JPEG, decoded anew whenever it is asked for: a tenth to a twentieth of the bytes."""

    def __init__(
        self,
        jpegs: Jpegs,
        image_size: tuple[int, int],
        records: Records,
        bad: list[BadImage],
        pool: ThreadPoolExecutor,
    ) -> None:
        self.records, self.bad, self.image_size = records, bad, image_size
        self.notes: list[str] = []
        self._jpegs, self._pool = jpegs, pool

    @property
    def n_bytes(self) -> int:
        """Bytes of all JPEGs."""
        return self._jpegs.n_bytes

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, places: Places) -> Images:
        rows = range(len(self))[places] if isinstance(places, slice) else np.asarray(places).tolist()
        images = np.empty((len(rows), *self.image_size, 3), dtype=np.uint8)
        jpegs = [self._jpegs[row] for row in rows]

        def decode(start: int) -> None:
            for jpeg, image in zip(jpegs[start : start + CHUNK], images[start : start + CHUNK], strict=True):
                decode_jpeg_into(jpeg, image)

        for _ in self._pool.map(decode, range(0, len(rows), CHUNK)):
            pass  # decoded in place; the loop re-raises what a thread raised
        return images
