"""Walks a policy's graph and tells a file format's builder what to write, layer by layer.

One table says it for every ONNX operator. Knows no file formats.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, TypeVar

import numpy as np

from copycar.core.errors import CopycarError
from copycar.learning.export.builder import Activation, Builder, Floats, Sum, Window, cannot_write
from copycar.learning.export.ends import Ends
from copycar.learning.export.graph import Array, Graph, Node, Shape
from copycar.learning.export.placing import PICTURE, Placed, Placing, as_they_are
from copycar.learning.export.simplify import simplify

T = TypeVar("T")
Layer = Callable[[Placing[Any], Node], Placed[Any]]
FLOAT = 1
"""`TensorProto.FLOAT`"""


def walk(graph: Graph, builder: Builder[T], ends: Ends) -> None:
    """Write every layer of a graph.

    Raises:
        CopycarError: the format, or this walk, does not know a layer; it is named.
    """
    if extra := [name for name in graph.inputs if ends.names and name != "image"]:
        raise CopycarError(
            f"donkeycar cannot drive this network: it needs {' and '.join(extra)} beside the picture",
            "a linear pilot is given the picture and nothing else",
            "drive it with copycar",
        )
    placing = Placing(simplify(graph), builder)
    if unknown := [node.kind for node in placing.graph.nodes if node.kind not in LAYERS]:
        raise cannot_write(unknown[0], builder.format)
    for name in graph.inputs:
        placing.placed[name] = _input(placing, name, ends)
    for node in placing.graph.nodes:
        placing.placed[node.output] = LAYERS[node.kind](placing, node)
    for name in ends.names or graph.outputs:
        value = placing.plain(name)
        builder.output(ends.names.get(name, name), builder.reshape(value, (1, 1)) if ends.is_column else value)


def _input(placing: Placing[T], name: str, ends: Ends) -> Placed[T]:
    shape, kind = placing.graph.shapes[name], placing.graph.types[name]
    if kind == np.uint8 and ends.brightest != 255:  # the picture comes as floats up to `brightest`
        value = placing.builder.input(ends.image, shape, np.dtype(np.float32))
        return Placed(value, as_they_are(shape), scale=255 / ends.brightest)
    return Placed(placing.builder.input(ends.image if name == "image" else name, shape, kind), as_they_are(shape))


def _cast(placing: Placing[T], node: Node) -> Placed[T]:
    if node.attributes["to"] != FLOAT:
        raise cannot_write("Cast", placing.builder.format, "it casts to something else than float32")
    placed = placing.placed[node.inputs[0]]
    return replace(placed, value=placing.builder.as_float(placed.value))


def _transpose(placing: Placing[T], node: Node) -> Placed[T]:
    placed, axes = placing.placed[node.inputs[0]], node.attributes["perm"]
    return replace(placed, order=tuple(axes.index(axis) for axis in placed.order))


def _reshape(placing: Placing[T], node: Node) -> Placed[T]:
    name, shape = node.inputs[0], placing.graph.shapes[node.output]
    before = placing.graph.shapes[name]
    if shape == (1, math.prod(before)) and _feeds_dense_layers(placing.graph, node.output):
        placed = placing.settled(name)  # the numbers stay where they are: the dense layer's weights change places
        numbers = np.arange(math.prod(before)).reshape(before).transpose(placed.order).ravel()
        return Placed(placing.builder.reshape(placed.value, shape), (0, 1), numbers=numbers)
    return Placed(placing.builder.reshape(placing.plain(name), shape), as_they_are(shape))


def _feeds_dense_layers(graph: Graph, name: str) -> bool:
    readers = [node.kind for node in graph.nodes if name in node.inputs]
    return set(readers) == {"Gemm"} and name not in graph.outputs


def _gather(placing: Placing[T], node: Node) -> Placed[T]:
    """One slice along an axis, which is gone afterwards."""
    index = placing.constant(node, 1)
    if index.ndim:
        raise cannot_write("Gather", placing.builder.format, "it picks several slices")
    shape, after = placing.graph.shapes[node.inputs[0]], placing.graph.shapes[node.output]
    axis = node.attributes.get("axis", 0) % len(shape)
    if shape[axis] == 1:
        return Placed(placing.builder.reshape(placing.plain(node.inputs[0]), after), as_they_are(after))
    begin, size = [0] * len(shape), list(shape)
    begin[axis], size[axis] = int(index) % shape[axis], 1
    block = placing.builder.cut(placing.plain(node.inputs[0]), tuple(begin), tuple(size))
    return Placed(placing.builder.reshape(block, after), as_they_are(after))


def _slice(placing: Placing[T], node: Node) -> Placed[T]:
    placed, shape = placing.settled(node.inputs[0]), placing.graph.shapes[node.inputs[0]]
    starts, ends = placing.constant(node, 1), placing.constant(node, 2)
    axes = placing.constant(node, 3) if len(node.inputs) > 3 else np.arange(len(starts))
    if len(node.inputs) > 4 and np.any(placing.constant(node, 4) != 1):
        raise cannot_write("Slice", placing.builder.format, "it leaves numbers out")
    begin, size = [0] * len(shape), list(shape)
    for axis, start, end in zip(axes, starts, ends, strict=True):
        first, last, _ = slice(int(start), int(end)).indices(shape[axis])
        begin[axis], size[axis] = first, last - first
    block = placing.builder.cut(placed.value, _along(placed.order, begin), _along(placed.order, size))
    return replace(placed, value=block)


def _along(order: tuple[int, ...], per_axis: list[int]) -> Shape:
    return tuple(per_axis[axis] for axis in order)


def _concat(placing: Placing[T], node: Node) -> Placed[T]:
    order = placing.placed[node.inputs[0]].order
    axis = order.index(node.attributes["axis"] % len(order))
    return Placed(placing.builder.join([placing.ordered(name, order) for name in node.inputs], axis), order)


def _convolution(placing: Placing[T], node: Node) -> Placed[T]:
    weights = placing.constant(node, 1)
    is_plain = node.attributes.get("group", 1) == 1 and set(node.attributes.get("dilations", [1])) == {1}
    if weights.ndim != 4 or not is_plain:
        raise cannot_write(f"Conv with weights {weights.shape}", placing.builder.format, "it is no plain convolution")
    value = placing.builder.convolution(
        _padded(placing, node),
        np.ascontiguousarray(weights.transpose(0, 2, 3, 1), np.float32),
        _bias(placing, node, len(weights)),
        _window(node, weights.shape[2:]),
        node.attributes.get("activation"),
    )
    return Placed(value, PICTURE)


def _bias(placing: Placing[T], node: Node, count: int) -> Floats:
    if len(node.inputs) < 3:
        return np.zeros(count, np.float32)
    return np.broadcast_to(placing.constant(node, 2), count).astype(np.float32)


def _padded(placing: Placing[T], node: Node) -> T:
    """Return a node's picture with the zeros around it that the node wants."""
    picture = placing.picture(node.inputs[0])
    above, left, below, right = node.attributes.get("pads", (0, 0, 0, 0))
    if any((above, left, below, right)):
        return placing.builder.pad(picture, above, below, left, right)
    return picture


def _window(node: Node, size: Shape) -> Window:
    height, width = size
    down, across = node.attributes.get("strides", (1, 1))
    return Window((height, width), (down, across))


def _pool(kind: Literal["max", "mean"]) -> Layer:
    def layer(placing: Placing[T], node: Node) -> Placed[T]:
        size = tuple(node.attributes["kernel_shape"])
        is_padded = any(node.attributes.get("pads", (0,)))
        # a zero changes no maximum of numbers that are never negative, but it does change a mean
        may_be_padded = kind == "max" and _is_never_negative(placing.graph, node.inputs[0])
        if len(size) != 2 or node.attributes.get("ceil_mode") or (is_padded and not may_be_padded):
            raise cannot_write(node.kind, placing.builder.format, "its windows are unusual")
        return Placed(placing.builder.pool(_padded(placing, node), kind, _window(node, size)), PICTURE)

    return layer


def _is_never_negative(graph: Graph, name: str) -> bool:
    producer = graph.producers().get(name)
    return producer is not None and "relu" in (producer.kind.lower(), producer.attributes.get("activation"))


def _dense(placing: Placing[T], node: Node) -> Placed[T]:
    weights = placing.constant(node, 1)
    if weights.ndim != 2 or len(placing.graph.shapes[node.inputs[0]]) != 2 or node.attributes.get("transA"):
        raise cannot_write(node.kind, placing.builder.format, "it is no plain dense layer")
    weights = weights if node.attributes.get("transB") else weights.T
    weights = weights * np.float32(node.attributes.get("alpha", 1.0))
    bias = _bias(placing, node, len(weights)) * np.float32(node.attributes.get("beta", 1.0))
    placed = placing.settled(node.inputs[0])
    if placed.numbers is not None:
        weights = weights[:, placed.numbers]
    weights = np.ascontiguousarray(weights, np.float32)
    value = placing.builder.dense(placing.plain(node.inputs[0]), weights, bias, node.attributes.get("activation"))
    return Placed(value, (0, 1))


def _resize(placing: Placing[T], node: Node) -> Placed[T]:
    has_centres = node.attributes.get("coordinate_transformation_mode", "half_pixel") in (
        "half_pixel",
        "pytorch_half_pixel",
    )
    if node.attributes.get("mode") != "linear" or node.attributes.get("antialias") or not has_centres:
        raise cannot_write("Resize", placing.builder.format, "it scales in another way than bilinearly")
    _, _, height, width = placing.graph.shapes[node.output]
    return Placed(placing.builder.resize(placing.picture(node.inputs[0]), (height, width)), PICTURE)


def _softmax(placing: Placing[T], node: Node) -> Placed[T]:
    shape = placing.graph.shapes[node.inputs[0]]
    if node.attributes.get("axis", -1) % len(shape) != len(shape) - 1:
        raise cannot_write("Softmax", placing.builder.format, "it does not run along the last axis")
    return Placed(placing.builder.softmax(placing.plain(node.inputs[0])), as_they_are(shape))


def _mean(placing: Placing[T], node: Node) -> Placed[T]:
    shape = placing.graph.shapes[node.inputs[0]]
    axes = sorted(int(axis) % len(shape) for axis in placing.constant(node, 1))
    if len(shape) != 4 or axes != [2, 3]:
        raise cannot_write("ReduceMean", placing.builder.format, "it is not the mean of a picture's pixels")
    after = placing.graph.shapes[node.output]
    flat = placing.builder.mean(placing.picture(node.inputs[0]))
    return Placed(placing.builder.reshape(flat, after), as_they_are(after))


def _likeliest(placing: Placing[T], node: Node) -> Placed[T]:
    table = placing.constant(node, 1).astype(np.float32)
    return Placed(placing.builder.likeliest(placing.plain(node.inputs[0]), table), (0,))


def _clip(placing: Placing[T], node: Node) -> Placed[T]:
    lowest, highest = (
        float(placing.constant(node, place)) if len(node.inputs) > place and node.inputs[place] else None
        for place in (1, 2)
    )
    placed = placing.settled(node.inputs[0])
    return replace(placed, value=placing.builder.clip(placed.value, lowest, highest))


def _activation(kind: Activation) -> Layer:
    def layer(placing: Placing[T], node: Node) -> Placed[T]:
        placed = placing.settled(node.inputs[0])
        return replace(placed, value=placing.builder.activation(placed.value, kind))

    return layer


def _arithmetic(kind: Sum) -> Layer:
    def layer(placing: Placing[T], node: Node) -> Placed[T]:
        first, second = node.inputs
        if first in placing.graph.constants:
            if kind == "div":
                raise cannot_write("Div", placing.builder.format, "a constant is divided")
            return _with_constant(placing, kind, second, placing.graph.constants[first], is_first=True)
        if second in placing.graph.constants:
            return _with_constant(placing, kind, first, placing.graph.constants[second])
        one, other = placing.graph.shapes[first], placing.graph.shapes[second]
        if len(one) != len(other) or np.broadcast_shapes(one, other) != one:
            raise cannot_write(node.kind, placing.builder.format, f"it combines values of shapes {one} and {other}")
        placed = placing.settled(first)
        return replace(placed, value=placing.builder.combine(kind, placed.value, placing.ordered(second, placed.order)))

    return layer


def _with_constant(placing: Placing[T], kind: Sum, name: str, constant: Array, *, is_first: bool = False) -> Placed[T]:
    """Return a value combined with a constant; a constant that comes first is subtracted from."""
    placed = placing.placed[name]
    if kind == "sub" and is_first:
        placed, kind = replace(placed, scale=-placed.scale, offset=-placed.offset), "add"
    if constant.size == 1:
        scale, offset = _SCALING[kind](float(constant.reshape(())))
        return replace(placed, scale=placed.scale * scale, offset=placed.offset * scale + offset)
    value = placing.written(placed)
    spread = constant.reshape((1,) * (len(placed.order) - constant.ndim) + constant.shape).astype(np.float32)
    return Placed(placing.builder.combine(kind, value, spread.transpose(placed.order)), placed.order)


_SCALING: dict[Sum, Callable[[float], tuple[float, float]]] = {
    "add": lambda number: (1.0, number),
    "sub": lambda number: (1.0, -number),
    "mul": lambda number: (number, 0.0),
    "div": lambda number: (1.0 / number, 0.0),
}
"""What an operation with one number is: (scale, offset)."""


LAYERS: dict[str, Layer] = {
    "Abs": _activation("abs"),
    "Add": _arithmetic("add"),
    "AveragePool": _pool("mean"),
    "Cast": _cast,
    "Clip": _clip,
    "Concat": _concat,
    "Conv": _convolution,
    "Div": _arithmetic("div"),
    "Flatten": _reshape,
    "Gather": _gather,
    "Gemm": _dense,
    "Likeliest": _likeliest,  # made by `simplify`
    "MatMul": _dense,
    "MaxPool": _pool("max"),
    "Mul": _arithmetic("mul"),
    "ReduceMean": _mean,
    "Relu": _activation("relu"),
    "Reshape": _reshape,
    "Resize": _resize,
    "Sigmoid": _activation("sigmoid"),
    "Slice": _slice,
    "Softmax": _softmax,
    "Squeeze": _reshape,
    "Sub": _arithmetic("sub"),
    "Tanh": _activation("tanh"),
    "Transpose": _transpose,
    "Unsqueeze": _reshape,
}
"""Every ONNX operator that can be written in other formats."""
