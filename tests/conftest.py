"""What tests of several rooms share."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from copycar.cli.main import run


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out of the tests, and the tests out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings beside the checkout; tests that need it skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real recordings are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def donkeycar() -> Callable[..., str]:
    """Runs a program under the Python that has donkeycar, and returns what it prints."""
    beside = Path(__file__).resolve().parents[1] / ".venv-peer/bin/python"
    python = Path(os.environ.get("DONKEYCAR_PYTHON", beside))
    if not python.is_file():
        pytest.skip(f"no donkeycar: set DONKEYCAR_PYTHON, or let `make oracle` build {beside}")

    def run(program: str, *arguments: Any) -> str:
        command = [python, "-c", program, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def keras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Keras on torch; tests that need it skip where it is not installed. It leaves no settings file in the home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "torch")
        patch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
        found = pytest.importorskip("keras", reason="Keras is not installed: pip install 'copycar[keras]'")
        if found.config.backend() != "torch":
            pytest.skip(f"Keras computes with {found.config.backend()} here, not with torch")
        yield found


@pytest.fixture
def result_of(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command with --json and returns what it printed, which must be JSON and nothing else."""

    def give(*arguments: Any, exit_code: int = 0) -> Any:
        capsys.readouterr()
        assert run([*(str(argument) for argument in arguments), "--json"]) == exit_code
        return json.loads(capsys.readouterr().out)

    return give


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
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
