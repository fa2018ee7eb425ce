"""The archive that donkeycar's cloud scripts exchange: a tub at the root of a `.tgz`, with the car's configuration.

The configuration is Python. It is read as literals and never run (`copycar.learning.donkeycar.python_settings`).
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.learning.donkeycar.carry import carry_over
from copycar.learning.donkeycar.python_settings import Setting, read_settings
from copycar.learning.donkeycar.settings_file import as_settings_file
from copycar.remote import tar
from copycar.remote.dataset import pictures_of, records_of
from copycar.tubs.new_folder import new_folder
from copycar.tubs.tub import Tub, open_contents

SUFFIXES = (".tgz", ".tar.gz")
CONFIG = ("config.py", "myconfig.py")
"""donkeycar's own configuration and the car's, which lies over it."""
SETTINGS = "run.toml"
LEVEL = 6
"""gzip's own default: pictures hardly shrink, records do."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What an archive held.

    Attributes:
        tub: where it lies now.
        settings: the settings file made of the configuration; None where there was none.
        left_out: names of the configuration that say nothing to us.
    """

    tub: Path
    settings: Path | None
    left_out: tuple[str, ...]


def is_archive(path: str | Path) -> bool:
    """Return whether a name is that of such an archive."""
    return str(path).endswith(SUFFIXES)


def write_archive(tub: Path, config: Sequence[Path], path: Path) -> int:
    """Write a tub and its configuration, the same bytes every time; return the size.

    Raises:
        CopycarError: it is no tub, or a settings file is missing.
        OSError: the disk is full.
    """
    open_contents(tub)
    missing = [file for file in config if not file.is_file()]
    if missing:
        raise CopycarError(f"no settings file {missing[0]}", fix="check the path after --config")
    named = [(source.name, source.path) for source in (*records_of(tub), *pictures_of(tub))]
    named += [(file.name, file) for file in config]
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as packed:
            tar.write_to(packed, ((name, file.read_bytes()) for name, file in named))  # type: ignore[arg-type]
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path.stat().st_size


def read_archive(path: Path, out: Path) -> Archived:
    """Unpack an archive into the new folder `out`, which becomes the tub.

    Raises:
        CopycarError: it is damaged, made to hurt, holds no tub, or `out` exists already.
    """
    with new_folder(out) as folder:
        with path.open("rb") as stream:
            tar.extract(stream, path.stat().st_size, folder, str(path))
        _require_tub(folder, path)
        settings, left_out = _settings(folder, path.name)
    return Archived(out, out / SETTINGS if settings else None, left_out)


def _require_tub(folder: Path, path: Path) -> None:
    try:
        Tub.open(folder)
    except CopycarError as error:
        raise CopycarError(
            f"{path} holds no tub at its root", error.what.replace(str(folder), "it"), "name another archive"
        ) from error


def _settings(folder: Path, source: str) -> tuple[bool, tuple[str, ...]]:
    """Write what the configuration says as a settings file; return whether there is any, and what was left out."""
    present = [folder / name for name in CONFIG if (folder / name).is_file()]
    if not present:
        return False, ()
    settings: dict[str, Setting] = {}
    for file in present:
        settings |= read_settings(file.read_text(encoding="utf-8", errors="replace"), file.name)
    sheet = carry_over(settings)
    write_atomic(folder / SETTINGS, as_settings_file(sheet, f"{' and '.join(CONFIG)} of {source}"))
    return True, tuple(sheet.left)
