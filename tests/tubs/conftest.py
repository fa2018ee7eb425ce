"""Small recordings for the tests of this room."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from copycar.testing.tub import make_tub


@pytest.fixture
def tub_folder(tmp_path: Path) -> Path:
    """A healthy tub of 12 frames in 3 catalogs of 5, 5 and 2."""
    return make_tub(tmp_path / "tub", n_frames=12, image_size=(24, 32), max_len=5)


@pytest.fixture(scope="session")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drive of 300 frames; not to be written to."""
    return make_tub(tmp_path_factory.mktemp("drive") / "tub", n_frames=300, image_size=(24, 32))


@pytest.fixture
def writable_copy(tmp_path: Path) -> Callable[[Path], Path]:
    """Copies a read-only recording to where it may be changed."""

    def copy(folder: Path) -> Path:
        target = tmp_path / f"copy-of-{folder.name}"
        shutil.copytree(folder, target, copy_function=shutil.copyfile)
        for path in [target, *target.rglob("*")]:
            path.chmod(0o755)
        return target

    return copy
