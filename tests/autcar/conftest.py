"""A recording of AutCar's for the tests of this room; one thread, since several share the machine."""

from pathlib import Path

import pytest
import torch
from arrows import drive, write_captures


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """480 captures of all twelve commands; not to be written to."""
    return write_captures(tmp_path_factory.mktemp("captures") / "autcar_training", drive(480))
