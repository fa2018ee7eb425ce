"""Recordings as a packed dataset, in a folder or straight into object storage, or as donkeycar's archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.remote.archive import is_archive, write_archive
from copycar.remote.dataset import pieces_of
from copycar.remote.parcel import OnBytes, send
from copycar.remote.place import Place, is_url
from copycar.remote.push import describe
from copycar.tubs.tub import find_tubs


@dataclass(frozen=True, slots=True)
class Packed:
    """What was written.

    Attributes:
        out: URL, folder or archive.
        shards: how many; 1 for an archive.
        bytes_total: their size.
        bytes_written: what was not there yet.
    """

    out: str
    shards: int
    bytes_total: int
    bytes_written: int

    def as_json(self) -> dict[str, object]:
        """Return the result as `copycar remote pack --json` prints it."""
        return {name: getattr(self, name) for name in self.__slots__}


def pack(tubs: Sequence[str], out: str, config: Sequence[Path] = (), on_bytes: OnBytes | None = None) -> Packed:
    """Pack tubs with their edits and configuration: the same input gives the same bytes.

    Args:
        tubs: folders of recordings or glob patterns.
        out: a folder or URL for shards, or a `.tgz` for donkeycar's cloud scripts, which take one tub.
        config: settings files that travel along.
        on_bytes: is told how far it is.

    Raises:
        CopycarError: no tub there, or `out` holds something else; or as `Place.put`.
        OSError: the disk is full.
    """
    if is_archive(out):
        return _archive(find_tubs(tubs), Path(out), config)
    _require_free(out)
    pieces, frames = pieces_of(tubs, config)
    sent = send(Place(out), pieces, describe(frames, config), on_bytes=on_bytes)
    return Packed(sent.url if is_url(out) else out, len(sent.parts), sent.bytes_total, sent.bytes_sent)


def _archive(tubs: Sequence[Path], path: Path, config: Sequence[Path]) -> Packed:
    if len(tubs) > 1:
        raise CopycarError(
            f"{path} takes one tub, not {len(tubs)}",
            "such an archive has the tub at its root",
            "merge them first (copycar tub merge), or pack them into a folder: -o FOLDER",
        )
    n_bytes = write_archive(tubs[0], config, path)
    return Packed(str(path), 1, n_bytes, n_bytes)


def _require_free(out: str) -> None:
    """Refuse a folder of this machine that holds other things: shards among somebody's files help nobody."""
    folder = Path(out)
    if is_url(out) or not folder.exists():
        return
    others = [path.name for path in folder.iterdir() if path.name != "index.json" and path.suffix != ".tar"]
    if others:
        raise CopycarError(
            f"{folder} holds other things already", f"for example {others[0]}", "name a new folder: -o NEW"
        )
