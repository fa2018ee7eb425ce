"""Walks a policy's graph and tells a file format's builder what to write, layer by layer.

One table says it for every ONNX operator. Knows no file formats.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from copycar.core.errors import CopycarError
from copycar.learning.export import walk_pictures
from copycar.learning.export.builder import Activation, Builder, Sum, cannot_write
from copycar.learning.export.ends import Ends
from copycar.learning.export.graph import Array, Graph, Node, Shape
from copycar.learning.export.placing import Layer, Placed, Placing, as_they_are, bias_of
from copycar.learning.export.simplify import simplify

T = TypeVar("T")
FLOAT = 1
"""`TensorProto.FLOAT`"""
MOST_SINGLE_SLICES = 4
"""Beyond this, taking numbers one by one would make a file of nothing else."""


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
    steps = placing.constant(node, 4) if len(node.inputs) > 4 else np.ones(len(starts), int)
    for axis, *bounds in zip(axes, starts, ends, steps, strict=True):
        chosen = range(*slice(*map(int, bounds)).indices(shape[axis]))
        shape = tuple(len(chosen) if i == axis % len(shape) else length for i, length in enumerate(shape))
        placed = replace(placed, value=_picked(placing, node, placed, shape, int(axis) % len(shape), chosen))
    return placed


def _picked(placing: Placing[T], node: Node, placed: Placed[T], shape: Shape, axis: int, chosen: range) -> T:
    """Return some slices along an axis: a block, or a few one by one, as where red and blue change places."""
    if chosen.step != 1 and len(chosen) > MOST_SINGLE_SLICES:
        raise cannot_write(node.kind, placing.builder.format, "it leaves numbers out")
    blocks = [(chosen.start, len(chosen))] if chosen.step == 1 else [(place, 1) for place in chosen]
    pieces = []
    for first, length in blocks:
        begin, size = [0] * len(shape), list(shape)
        begin[axis], size[axis] = first, length
        pieces.append(placing.builder.cut(placed.value, _along(placed.order, begin), _along(placed.order, size)))
    return pieces[0] if len(pieces) == 1 else placing.builder.join(pieces, placed.order.index(axis))


def _along(order: tuple[int, ...], per_axis: list[int]) -> Shape:
    return tuple(per_axis[axis] for axis in order)


def _concat(placing: Placing[T], node: Node) -> Placed[T]:
    order = placing.placed[node.inputs[0]].order
    axis = order.index(node.attributes["axis"] % len(order))
    return Placed(placing.builder.join([placing.ordered(name, order) for name in node.inputs], axis), order)


def _expand(placing: Placing[T], node: Node) -> Placed[T]:
    """One slice repeated, such as a grey picture as three channels."""
    before, after = placing.graph.shapes[node.inputs[0]], placing.graph.shapes[node.output]
    repeated = [axis for axis, (one, many) in enumerate(zip(before, after, strict=False)) if one != many]
    if len(before) != len(after) or len(repeated) != 1:
        raise cannot_write("Expand", placing.builder.format, "it repeats along several axes")
    placed, axis = placing.settled(node.inputs[0]), repeated[0]
    return replace(placed, value=placing.builder.join([placed.value] * after[axis], placed.order.index(axis)))


def _dense(placing: Placing[T], node: Node) -> Placed[T]:
    weights = placing.constant(node, 1)
    if weights.ndim != 2 or len(placing.graph.shapes[node.inputs[0]]) != 2 or node.attributes.get("transA"):
        raise cannot_write(node.kind, placing.builder.format, "it is no plain dense layer")
    weights = weights if node.attributes.get("transB") else weights.T
    weights = weights * np.float32(node.attributes.get("alpha", 1.0))
    bias = bias_of(placing, node, len(weights)) * np.float32(node.attributes.get("beta", 1.0))
    placed = placing.settled(node.inputs[0])
    if placed.numbers is not None:
        weights = weights[:, placed.numbers]
    weights = np.ascontiguousarray(weights, np.float32)
    value = placing.builder.dense(placing.plain(node.inputs[0]), weights, bias, node.attributes.get("activation"))
    return Placed(value, (0, 1))


def _softmax(placing: Placing[T], node: Node) -> Placed[T]:
    shape = placing.graph.shapes[node.inputs[0]]
    if node.attributes.get("axis", -1) % len(shape) != len(shape) - 1:
        raise cannot_write("Softmax", placing.builder.format, "it does not run along the last axis")
    return Placed(placing.builder.softmax(placing.plain(node.inputs[0])), as_they_are(shape))


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
    "AveragePool": walk_pictures.pool("mean"),
    "Cast": _cast,
    "Clip": _clip,
    "Concat": _concat,
    "Conv": walk_pictures.convolution,
    "Div": _arithmetic("div"),
    "Expand": _expand,
    "Flatten": _reshape,
    "Gather": _gather,
    "Gemm": _dense,
    "Likeliest": _likeliest,  # made by `simplify`
    "MatMul": _dense,
    "MaxPool": walk_pictures.pool("max"),
    "Mul": _arithmetic("mul"),
    "OwnMean": walk_pictures.own_mean,  # made by `simplify`
    "Pad": walk_pictures.pad,
    "ReduceMean": walk_pictures.mean,
    "Relu": _activation("relu"),
    "Reshape": _reshape,
    "Resize": walk_pictures.resize,
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
