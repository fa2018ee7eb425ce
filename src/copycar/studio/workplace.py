"""The folder that the studio may look into: which tubs and policies are there, and no way out of it.

Reads names only. Knows nothing of pages.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.driving.make import POLICY_SUFFIXES
from copycar.tubs.contents import is_tub

DEEPEST = 4  # folders below the root: data/2026/monday/tub
MOST_FOLDERS = 5000  # looked into, so that somebody's home folder does not take a minute


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder with recordings and trainings.

    Attributes:
        root: the folder; nothing outside it is read or written for a page.
    """

    root: Path

    def path(self, name: str) -> Path:
        """Return the file or folder of that name, relative to the root.

        Raises:
            CopycarError: it leads out of the folder.
        """
        root = self.root.resolve()
        path = (root / name).resolve() if "\0" not in name else root.parent
        if not path.is_relative_to(root):
            raise CopycarError(f"{name!r} is outside {root}", fix="name something inside the studio's folder")
        return path

    def name(self, path: Path) -> str:
        """Return how pages call a path inside the folder."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()

    def tubs(self) -> list[str]:
        """Return the names of all recordings, in order; "." where the folder is one itself."""
        return sorted(self.name(folder) for folder, _ in self._walk() if is_tub(folder))

    def policies(self) -> list[str]:
        """Return the names of all policy files, in order."""
        found = ((folder / file) for folder, files in self._walk() for file in files)
        return sorted(self.name(path) for path in found if path.suffix in POLICY_SUFFIXES)

    def _walk(self) -> Iterator[tuple[Path, list[str]]]:
        """Yield every folder with the names of its files; hidden folders and tubs' pictures are left out."""
        root = self.root.resolve()
        for n_seen, (folder, folders, files) in enumerate(os.walk(root)):
            if n_seen >= MOST_FOLDERS:
                return
            path = Path(folder)
            depth = len(path.relative_to(root).parts)
            folders[:] = sorted(f for f in folders if depth < DEEPEST and not f.startswith(".") and not is_tub(path))
            yield path, files
