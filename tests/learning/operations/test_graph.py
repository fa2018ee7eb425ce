"""onnxruntime computes what torch does, for every operation."""

import contextlib
import io
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from copycar.learning.operations import canny
from copycar.learning.pipeline import OPERATIONS, Normalise, Pipeline, read_steps

UNIT = {"op": "normalise"}
CORNERS = {"upper_left": 8, "upper_right": 30, "lower_right": 45, "top": 6, "bottom": 33}

EXACT = {
    "crop": [{"op": "crop", "top": 7, "left": 3}, UNIT],
    "mask": [{"op": "mask", "top": 7, "right": 3}, UNIT],
    "trapezoid": [{"op": "trapezoid", **CORNERS}, UNIT],
    "trapezoid_edges": [{"op": "trapezoid_edges", "top": 8, "upper_left": 12}, UNIT],
    "grey": [{"op": "grey"}, UNIT],
    "swapped": [{"op": "colour", "convert": "rgb_to_bgr"}, UNIT],
    "canny of what was scaled": [{"op": "resize", "width": 41, "height": 29}, {"op": "canny", "low": 30}, UNIT],
    "canny of a blur": [{"op": "blur"}, {"op": "canny"}, UNIT],
}
CLOSE = {
    "resize": [{"op": "resize", "width": 40, "height": 70}, UNIT],
    "scale": [{"op": "scale", "width": 0.4}, UNIT],
    "hsv": [{"op": "colour", "convert": "rgb_to_hsv"}, UNIT],
    "bgr of hsv": [{"op": "colour", "convert": "hsv_to_bgr"}, UNIT],
    "gaussian": [{"op": "blur", "kernel": 5, "kernel_y": 3}, UNIT],
    "box": [{"op": "blur", "kind": "box", "kernel": 4}, UNIT],
    "centred": [{"op": "normalise", "to": "centred"}],
    "image": [{"op": "normalise", "to": "image"}],
    "imagenet": [{"op": "normalise", "to": "imagenet"}],
}


class Together(nn.Module):
    """Several pipelines on the same picture: one export for all, since each takes seconds."""

    def __init__(self, size):
        super().__init__()
        self.pipelines = nn.ModuleList(
            Pipeline(size, read_steps(tables)) for tables in (*EXACT.values(), *CLOSE.values())
        )

    def forward(self, image):
        return tuple(pipeline(image) for pipeline in self.pipelines)


def in_onnxruntime(module, size):
    example = torch.zeros(1, *size, 3, dtype=torch.uint8)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # the exporter's own
        program = torch.onnx.export(module.eval(), (example,), dynamo=True, input_names=["image"], verbose=False)
    return onnxruntime.InferenceSession(program.model_proto.SerializeToString(), providers=["CPUExecutionProvider"])


def pictures(height, width):
    """Noise and steps of brightness, which have edges worth following."""
    random = np.random.default_rng(height * width)
    yield from random.integers(0, 256, (8, height, width, 3), dtype=np.uint8)
    for _ in range(8):
        steps = np.kron(random.integers(0, 256, (8, 8, 3)), np.ones((12, 12, 1)))[:height, :width]
        yield np.clip(steps + random.normal(0, 3, steps.shape), 0, 255).astype(np.uint8)
    yield np.zeros((height, width, 3), dtype=np.uint8)


def test_every_operation_is_among_them():
    assert {step["op"] for steps in (*EXACT.values(), *CLOSE.values()) for step in steps} == set(OPERATIONS)


@pytest.mark.slow
def test_the_graph_computes_what_torch_does(monkeypatch):
    size = (40, 67)
    monkeypatch.setattr(canny, "N_ROUNDS", 2)  # each is the same, and takes a sixth of a second to export
    module = Together(size)
    session = in_onnxruntime(module, size)
    for image in pictures(*size):
        with torch.inference_mode():
            expected = [result.numpy() for result in module(torch.from_numpy(image)[None])]
        got = session.run(None, {"image": image[None]})
        for name, ours, theirs in zip((*EXACT, *CLOSE), expected, got, strict=True):
            assert np.abs(ours - theirs).max() <= (0 if name in EXACT else 1e-5), name


@pytest.mark.slow
def test_mixed_precision_changes_nothing():
    tables = [{"op": "blur"}, {"op": "colour", "convert": "rgb_to_hsv"}, {"op": "canny", "low": 30, "high": 60}]
    pipeline, image = Pipeline((40, 52), (*read_steps(tables), Normalise())), torch.from_numpy(next(pictures(40, 52)))
    with torch.autocast("cpu", torch.bfloat16):
        mixed = pipeline(image[None])
    assert torch.equal(mixed, pipeline(image[None]))
