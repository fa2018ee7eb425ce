"""The operators that work on pictures: convolutions, pools, zeros around them, scaling. Knows no file formats."""

from typing import Literal, TypeVar

import numpy as np

from copycar.learning.export.builder import Window, cannot_write
from copycar.learning.export.graph import Graph, Node, Shape
from copycar.learning.export.placing import PICTURE, Layer, Placed, Placing, as_they_are, bias_of

T = TypeVar("T")


def convolution(placing: Placing[T], node: Node) -> Placed[T]:
    """Conv: plain, with any zeros around."""
    weights = placing.constant(node, 1)
    is_plain = node.attributes.get("group", 1) == 1 and set(node.attributes.get("dilations", [1])) == {1}
    if weights.ndim != 4 or not is_plain:
        raise cannot_write(f"Conv with weights {weights.shape}", placing.builder.format, "it is no plain convolution")
    value = placing.builder.convolution(
        _padded(placing, node),
        np.ascontiguousarray(weights.transpose(0, 2, 3, 1), np.float32),
        bias_of(placing, node, len(weights)),
        _window(node, weights.shape[2:]),
        node.attributes.get("activation"),
    )
    return Placed(value, PICTURE)


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


def pool(kind: Literal["max", "mean"]) -> Layer:
    """MaxPool and AveragePool."""

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


def pad(placing: Placing[T], node: Node) -> Placed[T]:
    """Pad: zeros around a picture."""
    shape, pads = placing.graph.shapes[node.inputs[0]], placing.constant(node, 1)
    axes = placing.constant(node, 3) if len(node.inputs) > 3 else np.arange(len(shape))
    value = float(placing.constant(node, 2)) if len(node.inputs) > 2 and node.inputs[2] else 0.0
    around = {int(axis) % len(shape): (int(pads[i]), int(pads[i + len(axes)])) for i, axis in enumerate(axes)}
    is_picture = len(shape) == 4 and all(axis in (2, 3) or zeros == (0, 0) for axis, zeros in around.items())
    if node.attributes.get("mode", "constant") != "constant" or value != 0.0 or not is_picture:
        raise cannot_write("Pad", placing.builder.format, "it adds something else than zeros around a picture")
    picture = placing.picture(node.inputs[0])
    return Placed(placing.builder.pad(picture, *around.get(2, (0, 0)), *around.get(3, (0, 0))), PICTURE)


def mean(placing: Placing[T], node: Node) -> Placed[T]:
    """ReduceMean: over all pixels of a picture."""
    shape = placing.graph.shapes[node.inputs[0]]
    axes = sorted(int(axis) % len(shape) for axis in placing.constant(node, 1))
    if len(shape) != 4 or axes != [2, 3]:
        raise cannot_write("ReduceMean", placing.builder.format, "it is not the mean of a picture's pixels")
    after = placing.graph.shapes[node.output]
    flat = placing.builder.mean(placing.picture(node.inputs[0]))
    return Placed(placing.builder.reshape(flat, after), as_they_are(after))


def own_mean(placing: Placing[T], node: Node) -> Placed[T]:
    """OwnMean, which `simplify` makes: a picture by its own mean and deviation."""
    picture = placing.picture(node.inputs[0])
    return Placed(placing.builder.by_own_mean(picture, node.attributes["smallest"]), PICTURE)


def resize(placing: Placing[T], node: Node) -> Placed[T]:
    """Resize: bilinear."""
    has_centres = node.attributes.get("coordinate_transformation_mode", "half_pixel") in (
        "half_pixel",
        "pytorch_half_pixel",
    )
    if node.attributes.get("mode") != "linear" or node.attributes.get("antialias") or not has_centres:
        raise cannot_write("Resize", placing.builder.format, "it scales in another way than bilinearly")
    _, _, height, width = placing.graph.shapes[node.output]
    return Placed(placing.builder.resize(placing.picture(node.inputs[0]), (height, width)), PICTURE)
