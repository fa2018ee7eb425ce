"""Sends pieces to a place, each under the name of its content, and an index last. Knows nothing of what they hold.

```
PLACE/index.json         what belongs to the parcel: written last, so that it never names what is not there
PLACE/<sha256>.tar …     the pieces
```

What is there already is not sent again: that makes a push resumable after any end, and a repeated one free. Two who
send at once write the same pieces, and each index is whole.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from copycar.core.errors import CopycarError
from copycar.remote.place import Place

INDEX = "index.json"
VERSION = 1
AT_ONCE = 4
"""Pieces on their way at the same time; each takes its size in memory."""

OnBytes = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to send.

    Attributes:
        path: where it lies once it is unpacked; "" for a shard, which holds paths itself.
        suffix: of its name in the parcel.
        n_bytes: its size, or for a shard that is not made yet about its size.
        read: returns its content.
    """

    path: str
    suffix: str
    n_bytes: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that lies in a parcel.

    Attributes:
        object: its name there.
        n_bytes: its size.
        sha256: of its content.
        path: as in `Piece`.
    """

    object: str
    n_bytes: int
    sha256: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a push did.

    Attributes:
        url: where everything lies now.
        bytes_sent: what was not there yet.
        bytes_total: all of it.
        parts: what the parcel holds.
    """

    url: str
    bytes_sent: int
    bytes_total: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Index:
    """What a parcel says of itself.

    Attributes:
        about: plain facts, such as the names of its tubs.
        parts: in order.
    """

    about: Mapping[str, Any]
    parts: tuple[Part, ...]

    def to_json(self) -> bytes:
        """Return the bytes of `index.json`: the same for the same parcel."""
        parts = [
            {"object": part.object, "bytes": part.n_bytes, "sha256": part.sha256, "path": part.path}
            for part in self.parts
        ]
        return json.dumps({"version": VERSION, **self.about, "parts": parts}, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, data: bytes, source: str) -> "Index":
        """Read `index.json`.

        Raises:
            CopycarError: it is damaged, or a later version's.
        """
        try:
            values = json.loads(data)
            if values["version"] != VERSION:
                raise CopycarError(f"{source} was written by a later copycar", fix="pip install --upgrade copycar")
            parts = tuple(_part(each) for each in values["parts"])
            about = {name: value for name, value in values.items() if name not in {"version", "parts"}}
        except (ValueError, KeyError, TypeError) as error:
            raise CopycarError(f"{source} is damaged", f"{type(error).__name__}: {error}", "push it again") from error
        return cls(about, parts)


def send(
    place: Place,
    pieces: Sequence[Piece],
    about: Mapping[str, Any],
    *,
    verify: bool = False,
    on_bytes: OnBytes | None = None,
) -> Sent:
    """Send what is not there yet, then the index.

    Args:
        place: the parcel.
        pieces: in order.
        about: plain facts for the index; the same for the same content.
        verify: read back what is there already, and replace what was altered; else its size must do.
        on_bytes: is told how far it is.

    Raises:
        CopycarError: as `Place.put`; what has arrived stays, and is not sent again.
    """
    there = {found.name: found.n_bytes for found in place.find()}
    total = sum(piece.n_bytes for piece in pieces)
    n_done = n_sent = 0
    parts: list[Part] = []

    def send_one(piece: Piece) -> tuple[Part, int]:
        data = piece.read()
        part = _named(piece, data)
        is_there = there.get(part.object) == part.n_bytes
        if is_there and not (verify and _digest(place.get(part.object)) != part.sha256):
            return part, 0
        place.put(part.object, data)
        return part, part.n_bytes

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for piece, (part, n_new) in zip(pieces, pool.map(send_one, pieces), strict=True):
                parts.append(part)
                n_done, n_sent = n_done + piece.n_bytes, n_sent + n_new
                if on_bytes:
                    on_bytes(n_done, total)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    index = Index(about, tuple(parts)).to_json()
    if there.get(INDEX) != len(index) or place.get(INDEX) != index:
        place.put(INDEX, index)
    return Sent(place.url, n_sent, sum(part.n_bytes for part in parts), tuple(parts))


def read_index(place: Place) -> Index:
    """Return what a parcel says of itself.

    Raises:
        CopycarError: there is none, or its index is damaged.
    """
    index = place.get_if_there(INDEX)
    if index is None:
        raise CopycarError(
            f"there is nothing whole at {place.url}",
            f"it has no {INDEX}: the name is another, or a push was interrupted",
            "see what is there: copycar remote list; or run the push again",
        )
    return Index.from_json(index, f"{place.url}/{INDEX}")


def _named(piece: Piece, data: bytes) -> Part:
    digest = _digest(data)
    return Part(f"{digest}{piece.suffix}", len(data), digest, piece.path)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _part(values: Mapping[str, Any]) -> Part:
    name, digest = str(values["object"]), str(values["sha256"])
    if "/" in name or "\\" in name or not name.startswith(digest) or len(digest) != 64:
        raise ValueError(f"{name!r} is no name of a piece")
    return Part(name, int(values["bytes"]), digest, str(values["path"]))
