"""A new folder that is there whole or not at all. Knows nothing of what is put into it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copycar.core.errors import CopycarError


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a hidden folder beside `path` to fill, and rename it to `path` at the end; after an error nothing is left.

    Raises:
        CopycarError: `path` exists already and is not an empty folder, cannot be written, or the disk is full.
    """
    path = path.expanduser().absolute()
    if path.is_symlink() or (path.exists() and not _is_empty_folder(path)):
        raise CopycarError(f"{path} exists already", "nothing is ever overwritten", "name a new folder: --out NEW")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        yield partial
        partial.rename(path)
    except OSError as error:
        raise CopycarError(
            f"cannot write {path}", f"{error.strerror or error}", "nothing was left behind; name another place"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
