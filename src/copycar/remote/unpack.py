"""Packed datasets, and archives of donkeycar's cloud scripts, back to folders. Trusts none of them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.remote import tar
from copycar.remote.parcel import INDEX, Index
from copycar.tubs.new_folder import new_folder


def unpack_dataset(packed: Path, out: Path) -> list[Path]:
    """Unpack what `pack` wrote into the new folder `out`; return its tubs.

    Raises:
        CopycarError: it is damaged, made to hurt, or `out` exists already.
    """
    index = Index.from_json((packed / INDEX).read_bytes(), str(packed / INDEX))
    return shards_to_dataset(packed, index, out)


def shards_to_dataset(shards: Path, index: Index, out: Path) -> list[Path]:
    """Unpack the shards of a dataset, which lie in a folder, into the new folder `out`; return its tubs.

    A dataset of one tub becomes that tub, one of several a folder of them. Settings files lie beside.

    Raises:
        CopycarError: a shard is missing, damaged or made to hurt, or `out` exists already.
    """
    names: Sequence[str] = index.about["tubs"]
    with new_folder(out) as folder:
        for part in index.parts:
            path = shards / part.object
            if not path.is_file():
                raise CopycarError(f"{shards} lacks {part.object}", fix="pack it again, or pull it again")
            with path.open("rb") as stream:
                tar.extract(stream, part.n_bytes, folder, str(path))
        if len(names) == 1:
            _lift(folder / names[0], folder)
    return [out] if len(names) == 1 else [out / name for name in names]


def place_files(parts: Path, index: Index, out: Path) -> None:
    """Put the files of a run, which lie in a folder under the names of their content, where they belong in `out`.

    Raises:
        CopycarError: a name leads out of `out`.
    """
    out.mkdir(parents=True, exist_ok=True)
    root = out.resolve()
    for part in index.parts:
        path = (root / part.path).resolve()
        if not path.is_relative_to(root) or path == root:
            raise CopycarError(f"the name {part.path!r:.100} leads out of the folder", fix="push the run again")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parts / part.object, path)


def _lift(inner: Path, folder: Path) -> None:
    """Move everything of `inner` up into `folder`."""
    if not inner.is_dir():
        raise CopycarError(f"the dataset has no tub {inner.name}", "its index and its shards differ", "pack it again")
    lifted = inner.rename(inner.with_name(f".{inner.name}.lifted"))
    for path in sorted(lifted.iterdir()):
        path.rename(folder / path.name)
    lifted.rmdir()
