"""A policy file without any training: it steers to where the bright line of `make_tub` leans. Knows no networks."""

from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import require
from copycar.driving.runtime.metadata import KEY, PolicyMetadata

THROTTLE = 0.4


def write_policy(path: Path, image_size: tuple[int, int] = (24, 32), *, gain: float = 12.0, **metadata: Any) -> Path:
    """Write a policy whose steering is a weighted sum of the upper half's pixels; return `path`.

    Args:
        path: the `.onnx` file.
        image_size: (height, width) px of the frames it takes.
        gain: how hard it steers, in this direction; NaN makes a policy whose steering is not a number.
        metadata: more of `PolicyMetadata`.

    Raises:
        CopycarError: the extra [train], which brings onnx, is missing.
    """
    onnx = require("onnx", "train")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    height, width = image_size
    nodes = [
        helper.make_node("Cast", ["image"], ["pixels"], to=floats),
        helper.make_node("Mul", ["pixels", "weights"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "axes"], ["sum"], keepdims=0),
        helper.make_node("Tanh", ["sum"], ["steering"]),
        helper.make_node("Identity", ["constant"], ["throttle"]),
    ]
    constants = {
        "weights": _weights(height, width) * np.float32(gain),
        "axes": np.array([1, 2, 3], dtype=np.int64),
        "constant": np.array([THROTTLE], dtype=np.float32),
    }
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", onnx.TensorProto.UINT8, [1, height, width, 3])],
        [helper.make_tensor_value_info(name, floats, [1]) for name in ("steering", "throttle")],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    card = PolicyMetadata(network="tiny", image_size=image_size, **metadata)
    helper.set_model_props(model, {KEY: card.to_json()})
    onnx.save(model, str(path))
    return path


def _weights(height: int, width: int) -> Any:
    """Return float32 (1, H, W, 3): right half positive, left half negative, all magnitudes together 1 / 255."""
    weights = np.zeros((1, height, width, 3), dtype=np.float32)
    weights[0, : height // 2] = (np.arange(width) - (width - 1) / 2)[:, None]
    return weights / (255 * np.abs(weights).sum())
