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
from copycar.driving.runtime.policy import NEXT, Policy
from copycar.learning.batches import IMAGE, MEMORY, Batch
from copycar.learning.policies.network import DrivingNetwork

MAX_DIFFERENCE = 1e-3
"""Largest difference of an action between torch and onnxruntime that passes; 1e-6 is usual in float32."""


class PolicyGraph(nn.Module):
    """The network with its decoding, as the car runs it: one frame and what it remembers in, all answers out.

    Args:
        network: a trained network.

    Attributes:
        inputs: names of what it takes, in order: the frame, extra inputs, what it remembers.
        outputs: names of what it gives, in order: steering, throttle, further answers, what to remember.
    """

    def __init__(self, network: DrivingNetwork) -> None:
        super().__init__()
        self.network = network
        self._states = network.states()
        self._given = [IMAGE, *network.reads.inputs]
        self.inputs = [*self._given, *self._states]
        with torch.inference_mode():
            outputs, _ = network.step(self._named(self.example()), self._states)
            self._more = list(network.more(outputs))
        self.outputs = ["steering", "throttle", *self._more, *(NEXT + name for name in self._states)]

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Return the outputs, in their order, for the inputs in theirs."""
        named = self._named(tensors)
        states = {name: named.pop(name) for name in self._states}
        outputs, after = self.network.step(named, states)
        action, more = self.network.action(outputs), self.network.more(outputs)
        return action[:, 0], action[:, 1], *(more[name][0] for name in self._more), *(after[n] for n in self._states)

    def example(self) -> tuple[Tensor, ...]:
        """Return inputs that fit: a black frame, zeros for the rest."""
        height, width = self.network.pipeline.image_size
        columns = self.network.reads.inputs
        extras = (torch.zeros(1, columns[name].width) for name in self._given[1:])
        return torch.zeros(1, height, width, 3, dtype=torch.uint8), *extras, *self._states.values()

    def _named(self, tensors: tuple[Tensor, ...]) -> dict[str, Tensor]:
        return dict(zip(self.inputs, tensors, strict=True))


def export_onnx(network: DrivingNetwork, path: Path, metadata: PolicyMetadata, examples: Batch) -> float:
    """Write the policy file and compare it with the network on real frames.

    Args:
        network: trained, on any device; it comes back on the CPU in evaluation mode.
        path: where the `.onnx` goes; replaced only when the comparison holds.
        metadata: the file's identity card.
        examples: what to compare on, as the network was trained on it: windows for a network of windows.

    Returns:
        The largest difference of any steering or throttle.

    Raises:
        CopycarError: the file and the network disagree by more than `MAX_DIFFERENCE`.
    """
    network = network.cpu().float().eval()
    partial = path.with_name(f".{path.stem}.partial.onnx")
    try:
        _write(PolicyGraph(network), partial, metadata)
        difference = float(np.abs(_by_torch(network, examples) - _by_policy(Policy.load(partial), examples)).max())
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
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            graph, graph.example(), dynamo=True, input_names=graph.inputs, output_names=graph.outputs, verbose=False
        )
    assert program is not None
    model = program.model_proto
    onnx.helper.set_model_props(model, {KEY: metadata.to_json()})
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


def _by_torch(network: DrivingNetwork, examples: Batch) -> NDArray[np.float32]:
    """Return the actions (B, 2) as training computes them."""
    with torch.inference_mode():
        actions: NDArray[np.float32] = network.action(network(examples.inputs)).numpy()
    return actions


def _by_policy(policy: Policy, examples: Batch) -> NDArray[np.float32]:
    """Return the actions (B, 2) as the car does: frame by frame, with what it remembers of each window."""
    actions = np.empty((len(examples), 2), dtype=np.float32)
    extras = {name: value.numpy() for name, value in examples.inputs.items() if name != IMAGE}
    for i, frames in enumerate(examples.inputs[IMAGE].numpy()):
        policy.reset()
        if MEMORY in extras:
            policy.remember({MEMORY: extras[MEMORY][i]})
        for frame in frames if frames.ndim == 4 else [frames]:
            actions[i] = policy.act({"image": frame, **{name: values[i] for name, values in extras.items()}})
    return actions


@contextlib.contextmanager
def _quiet():  # type: ignore[no-untyped-def]
    """Silence the exporter's own chatter: it warns about its own internals on every call."""
    level = logging.getLogger("torch.onnx").level
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
    logging.getLogger("torch.onnx").setLevel(level)
