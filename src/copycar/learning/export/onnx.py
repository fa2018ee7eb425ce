"""Write a network as `policy.onnx`: raw uint8 frame in, steering and throttle out, and prove that it is the same."""

import contextlib
import io
import logging
import warnings
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from copycar.core.errors import CopycarError, require
from copycar.driving.runtime.metadata import KEY, PolicyMetadata
from copycar.driving.runtime.policy import Policy
from copycar.learning.policies.network import DrivingNetwork

MAX_DIFFERENCE = 1e-3
"""Largest difference of an action between torch and onnxruntime that passes; 1e-6 is usual in float32."""


class PolicyGraph(nn.Module):
    """The network with its decoding, as the car runs it.

    Args:
        network: a trained network.
    """

    def __init__(self, network: DrivingNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Return steering (1,) and throttle (1,) for uint8 (1, H, W, 3)."""
        action = self.network.action(self.network(image))
        return action[:, 0], action[:, 1]


def export_onnx(network: DrivingNetwork, path: Path, metadata: PolicyMetadata, frames: NDArray[np.uint8]) -> float:
    """Write the policy file and compare it with the network on real frames.

    Args:
        network: trained, on any device; it comes back on the CPU in evaluation mode.
        path: where the `.onnx` goes; replaced only when the comparison holds.
        metadata: the file's identity card.
        frames: uint8 (N, H, W, 3) to compare on, N at least 1.

    Returns:
        The largest difference of any steering or throttle.

    Raises:
        CopycarError: the file and the network disagree by more than `MAX_DIFFERENCE`.
    """
    graph = PolicyGraph(network.cpu().float().eval())
    partial = path.with_name(f".{path.stem}.partial.onnx")
    try:
        _write(graph, partial, metadata)
        difference = _largest_difference(graph, partial, frames)
        if not difference <= MAX_DIFFERENCE:
            raise CopycarError(
                f"{path} was not written: it differs from the trained network by {difference:.4f}",
                "onnxruntime computes something else than torch",
                "please report this with the network's name",
            )
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return difference


def _write(graph: PolicyGraph, path: Path, metadata: PolicyMetadata) -> None:
    onnx = require("onnx", "train")
    require("onnxscript", "train")
    height, width = metadata.image_size
    example = torch.zeros(1, height, width, 3, dtype=torch.uint8)
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            graph, (example,), dynamo=True, input_names=["image"], output_names=["steering", "throttle"], verbose=False
        )
    assert program is not None
    model = program.model_proto
    onnx.helper.set_model_props(model, {KEY: metadata.to_json()})
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


def _largest_difference(graph: PolicyGraph, path: Path, frames: NDArray[np.uint8]) -> float:
    policy = Policy.load(path)
    with torch.inference_mode():
        expected = np.array([[float(x) for x in graph(torch.from_numpy(frame[None]))] for frame in frames])
    got = np.array([policy.act({"image": frame}) for frame in frames])
    return float(np.abs(expected - got).max())


@contextlib.contextmanager
def _quiet():  # type: ignore[no-untyped-def]
    """Silence the exporter's own chatter: it warns about its own internals on every call."""
    level = logging.getLogger("torch.onnx").level
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
    logging.getLogger("torch.onnx").setLevel(level)
