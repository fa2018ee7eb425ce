"""Small recordings and a car for the tests of this room; one thread, since several share the machine."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from example_networks import batch_for, frames, made

from copycar.core.vehicle import Vehicle
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.dataset import DrivingData, load_driving_data
from copycar.learning.export.onnx import export_onnx
from copycar.testing.tub import make_tub

SIZE = (48, 64)
ODD_SIZE = (97, 131)
"""About the smallest picture that all networks can work with."""


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


@pytest.fixture(scope="session")
def policy_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return the policy file of a network whose actions differ from frame to frame; not to be written to."""
    known: dict[str, Path] = {}

    def give(name: str, **options) -> Path:
        key = f"{name} {options}"
        if key not in known:
            network = made(name, ODD_SIZE, **options)
            with torch.no_grad():
                for parameter in network.parameters():
                    parameter.mul_(1.3)  # fresh heads are nearly zero
            inputs = {each: column.as_json() for each, column in network.reads.inputs.items()}
            known[key] = tmp_path_factory.mktemp(name) / "policy.onnx"
            card = PolicyMetadata(name, ODD_SIZE, inputs=inputs, seed=3)
            export_onnx(network, known[key], card, batch_for(network, frames(2, ODD_SIZE)))
        return known[key]

    return give


@pytest.fixture(scope="session")
def pictures():
    """Eight random pictures of the size that the policies take."""
    return frames(8, ODD_SIZE).numpy()
