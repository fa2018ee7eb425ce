"""A policy file's graph as plain data: nodes, shapes and constants. Knows nothing of what it is turned into."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, require

Array = NDArray[Any]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Node:
    """One operation.

    Attributes:
        kind: the ONNX operator, e.g. "Conv".
        inputs: names of values or constants; "" where an optional one is missing.
        output: name of its only output.
        attributes: its settings, as ONNX names them.
    """

    kind: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """Operations in the order in which they run.

    Attributes:
        inputs, outputs: names of its ends.
        nodes: the operations.
        constants: arrays by name.
        shapes: of every value and constant; the batch is 1.
        types: numpy type of every input.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    constants: Mapping[str, Array]
    shapes: Mapping[str, Shape]
    types: Mapping[str, np.dtype[Any]]

    def producers(self) -> dict[str, Node]:
        """Return the node that makes each value."""
        return {node.output: node for node in self.nodes}

    def uses(self) -> Counter[str]:
        """Return how many nodes, or ends of the graph, read each value."""
        return Counter([*(name for node in self.nodes for name in node.inputs if name), *self.outputs])


def read_graph(path: Path) -> Graph:
    """Read a policy file.

    Args:
        path: an `.onnx` file with fixed shapes, as `export_onnx` writes it.

    Raises:
        CopycarError: an operation gives several results or the shapes are open; neither can be written elsewhere.
    """
    onnx = require("onnx", "train")
    model = onnx.shape_inference.infer_shapes(onnx.load(path), strict_mode=True, data_prop=True)
    graph = model.graph
    constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    values = [*graph.input, *graph.output, *graph.value_info]
    shapes = {value.name: tuple(axis.dim_value for axis in value.type.tensor_type.shape.dim) for value in values}
    inputs = [value for value in graph.input if value.name not in constants]
    return Graph(
        tuple(value.name for value in inputs),
        tuple(value.name for value in graph.output),
        tuple(_node(node, onnx) for node in graph.node),
        constants,
        shapes | {name: array.shape for name, array in constants.items()},
        {value.name: onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type) for value in inputs},
    )


def _node(node: Any, onnx: Any) -> Node:
    if len(node.output) != 1:
        raise CopycarError(
            f"the layer {node.op_type} ({node.name}) cannot be written in this format",
            f"it gives {len(node.output)} results",
            "drive with the .onnx file",
        )
    attributes = {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}
    decoded = {name: value.decode() if isinstance(value, bytes) else value for name, value in attributes.items()}
    return Node(node.op_type, tuple(node.input), node.output[0], decoded)
