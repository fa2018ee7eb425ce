"""Writes a policy file without any training: it steers to where the bright line of `make_tub` leans."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from copycar.driving.runtime.metadata import KEY, PolicyMetadata

THROTTLE = 0.4


def write_policy(path: Path, image_size: tuple[int, int] = (24, 32), gain: float = 1.0, **metadata: object) -> Path:
    """Write a linear policy for frames of (height, width): steering is a weighted sum of the pixels."""
    height, width = image_size
    weights = np.zeros((1, height, width, 3), dtype=np.float32)
    weights[0, : height // 2] = (np.arange(width) - (width - 1) / 2)[:, None]
    weights *= gain / (255 * np.abs(weights).sum())
    nodes = [
        helper.make_node("Cast", ["image"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["pixels", "weights"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "axes"], ["sum"], keepdims=0),
        helper.make_node("Tanh", ["sum"], ["steering"]),
        helper.make_node("Identity", ["constant"], ["throttle"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, [1, height, width, 3])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("steering", "throttle")],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([1, 2, 3], dtype=np.int64), "axes"),
            numpy_helper.from_array(np.array([THROTTLE], dtype=np.float32), "constant"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    card = PolicyMetadata(network="tiny", image_size=image_size, **metadata)
    helper.set_model_props(model, {KEY: card.to_json()})
    onnx.save(model, str(path))
    return path
