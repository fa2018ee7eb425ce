"""Small recordings and a car for the tests of this room; one thread, since several share the machine."""

from pathlib import Path

import pytest
import torch

from copycar.core.vehicle import Vehicle
from copycar.learning.dataset import DrivingData, load_driving_data
from copycar.testing.tub import make_tub

SIZE = (48, 64)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 frames in two drives; not to be written to."""
    return make_tub(tmp_path_factory.mktemp("learning") / "tub", n_frames=400, n_episodes=2, image_size=SIZE)


@pytest.fixture(scope="session")
def data(tub: Path) -> DrivingData:
    return load_driving_data([tub], seed=0, validation_share=0.2)


@pytest.fixture(scope="session")
def vehicle() -> Vehicle:
    """The built-in track's car, about."""
    return Vehicle(0.26, 0.47, camera_height_m=0.17, camera_pitch_rad=0.3, camera_fov_rad=1.57, camera_forward_m=0.1)
