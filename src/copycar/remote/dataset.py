"""What a packed dataset holds, and how it is divided into shards. Knows tubs as files; knows nothing of storage.

A shard is a plain tar of at most 64 MiB, named after its content. Records and configuration come first and pictures
after them in the order of recording: an edit changes the first shard alone, and a tub that grew changes that one and
the last.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.remote import tar
from copycar.remote.parcel import Piece
from copycar.tubs.history import HISTORY
from copycar.tubs.tub import find_tubs, open_contents

SHARD_BYTES = 64 << 20
"""Most bytes of a shard, unless a single file is larger."""

RECORD_FILES = re.compile(rf"manifest\.json|.+\.catalog|.+\.catalog_manifest|{re.escape(HISTORY)}")
"""What of a tub is no picture: its records, their deletions and who made them."""

PICTURES = "images"
HEADER = 512
"""Bytes that tar puts before every file, and the unit that it rounds sizes to."""
END = 20 * HEADER
"""Bytes at a tar's end: it is filled up to so many."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be packed.

    Attributes:
        name: in the dataset, such as `monday/images/0_cam_image_array_.jpg`.
        path: on this machine.
        n_bytes: its size.
    """

    name: str
    path: Path
    n_bytes: int


def tub_names(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the tubs by the name that each has in a dataset: its folder's.

    Raises:
        CopycarError: two of them have the same.
    """
    named: dict[str, Path] = {}
    for folder in folders:
        name = folder.resolve().name or "tub"
        if name in named:
            fix = "rename one of the folders, or merge them: copycar tub merge"
            raise CopycarError(f"two tubs are called {name}", f"{named[name]} and {folder}", fix)
        named[name] = folder
    return named


def pieces_of(
    tubs: Iterable[str | Path], config: Iterable[Path] = (), names: Sequence[str] = ()
) -> tuple[list[Piece], dict[str, int]]:
    """Return the shards of a dataset, made when they are asked for, and the frames that its tubs have, by name.

    Args:
        tubs: folders of recordings or glob patterns.
        config: settings files that travel with them.
        names: of the tubs in the dataset, in their order; by default those of their folders.

    Raises:
        CopycarError: no tub there, two of one name, or a settings file that is missing.
    """
    folders = find_tubs([str(tub) for tub in tubs])
    named = dict(zip(names, folders, strict=True)) if names else tub_names(folders)
    frames = {name: live_frames(folder) for name, folder in named.items()}
    first = [*_config(config), *(file for name, tub in named.items() for file in records_of(tub, f"{name}/"))]
    pictures = (file for name, tub in named.items() for file in pictures_of(tub, f"{name}/"))
    groups = [*_groups(first), *_groups(pictures)]
    return [_shard(group) for group in groups], frames


def live_frames(tub: Path) -> int:
    """Return how many frames of a tub are not deleted.

    Raises:
        CopycarError: it is no tub.
    """
    contents = open_contents(tub)
    return contents.n_lines - len(contents.manifest.deleted_indexes)


def records_of(tub: Path, prefix: str = "") -> list[Source]:
    """Return a tub's files but for its pictures, by name."""
    found = (path for path in tub.iterdir() if RECORD_FILES.fullmatch(path.name) and path.is_file())
    return [_source(path, prefix + path.name) for path in sorted(found, key=lambda path: _by_number(path.name))]


def pictures_of(tub: Path, prefix: str = "") -> list[Source]:
    """Return a tub's pictures in the order of recording."""
    folder = tub / PICTURES
    found = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    named = [_source(path, f"{prefix}{path.relative_to(tub).as_posix()}") for path in found]
    return sorted(named, key=lambda source: _by_number(source.name))


def _config(files: Iterable[Path]) -> list[Source]:
    sources = []
    for path in files:
        if not path.is_file():
            raise CopycarError(f"no settings file {path}", fix="check the path after --config")
        sources.append(_source(path, path.name))
    return sorted(sources, key=lambda source: source.name)


def _source(path: Path, name: str) -> Source:
    return Source(name, path, path.stat().st_size)


def _by_number(name: str) -> tuple[list[int | str], str]:
    """Return the key that sorts 2 before 10: parts of the name, numbers as numbers."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], name


def _groups(sources: Iterable[Source]) -> Iterator[list[Source]]:
    """Yield the files of one shard after the other."""
    group: list[Source] = []
    n_bytes = 0
    for source in sources:
        size = _in_tar(source)
        if group and _whole(n_bytes + size) > SHARD_BYTES:
            yield group
            group, n_bytes = [], 0
        group.append(source)
        n_bytes += size
    if group:
        yield group


def _in_tar(source: Source) -> int:
    """Return the bytes that a file takes in a tar; names that need a header of their own get two units more."""
    is_plain = len(source.name) < 100 and source.name.isascii()
    return HEADER * (1 if is_plain else 4) + -(-source.n_bytes // HEADER) * HEADER


def _whole(n_bytes: int) -> int:
    """Return the size of a tar whose files take so many bytes: two empty units, and rounded up."""
    return -(-(n_bytes + 2 * HEADER) // END) * END


def _shard(group: list[Source]) -> Piece:
    n_bytes = _whole(sum(map(_in_tar, group)))
    return Piece("", ".tar", n_bytes, lambda: tar.written((file.name, file.path.read_bytes()) for file in group))
