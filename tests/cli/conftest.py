"""A small recording and a trained policy for the tests of this room, and ways to run the command line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


Refused = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """Runs a command that must be refused: exit code 2, one to three lines, nothing on stdout; returns them."""

    def refuse(*arguments: Any, exit_code: int = 2) -> str:
        assert run([str(argument) for argument in arguments]) == exit_code
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        message = err[err.rindex("copycar: ") :]
        assert 1 <= len(message.splitlines()) <= 3, message
        return message

    return refuse


@pytest.fixture
def result_of(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command with --json and returns what it printed, which must be JSON and nothing else."""

    def give(*arguments: Any) -> Any:
        capsys.readouterr()
        assert run([*(str(argument) for argument in arguments), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return give


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
