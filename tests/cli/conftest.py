"""A small recording and a trained policy for the tests of this room, and ways to run the command line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.testing.tub import make_tub

SOURCE = Path(__file__).resolve().parents[2] / "src"
SIZE = (48, 64)


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command runs in an empty folder: no copycar.toml above it, and what it leaves is seen."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def tub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tub(tmp_path_factory.mktemp("cli") / "tub", n_frames=160, n_episodes=2, image_size=SIZE)


@pytest.fixture(scope="session")
def finished_run(tub: Path) -> Path:
    """A run's folder; not to be written to."""
    folder = tub.parent / "run"
    assert run(["train", str(tub), "--epochs", "2", "--out", str(folder)]) == 0
    return folder


def in_another_process(program: str, *, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python that calls `main` in a process of its own, as a shell would."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def python(in_empty_folder: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    return lambda program: in_another_process(program, folder=in_empty_folder)
