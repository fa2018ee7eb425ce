"""What tests of several rooms share."""

import os
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings beside the checkout; tests that need it skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real recordings are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def keras(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Keras on torch; tests that need it skip where it is not installed. It leaves no settings file in the home."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    os.environ.setdefault("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
    found = pytest.importorskip("keras", reason="Keras is not installed: pip install 'copycar[keras]'")
    if found.config.backend() != "torch":
        pytest.skip(f"Keras computes with {found.config.backend()} here, not with torch")
    return found
