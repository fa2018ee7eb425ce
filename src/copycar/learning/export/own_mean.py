"""Finds in a graph where a picture is normalised by its own mean and deviation. Knows no file formats."""

import numpy as np

from copycar.learning.export.graph import Node
from copycar.learning.export.rewrite import Rewrite

PIXELS = {1, 2, 3}
"""Axes of a picture (1, C, H, W) that its mean is over."""


def by_own_mean(rewrite: Rewrite, node: Node) -> bool:
    """What `Normalise(to="image")` computes, ten nodes of plain arithmetic, becomes the one node `OwnMean`."""
    if node.kind != "Div":
        return False
    centred, divisor = (rewrite.producers.get(name) for name in node.inputs)
    if centred is None or divisor is None or (centred.kind, divisor.kind) != ("Sub", "Add"):
        return False
    picture, mean = centred.inputs
    deviation, smallest = divisor.inputs
    is_normalised = _mean_of(rewrite, mean) == picture and _is_deviation(rewrite, deviation, centred.output)
    if not is_normalised or smallest not in rewrite.constants:
        return False
    rewrite.add("OwnMean", (picture,), node.output, smallest=float(rewrite.constants[smallest]))
    return True


def _is_deviation(rewrite: Rewrite, name: str, centred: str) -> bool:
    root = rewrite.producers.get(name)
    if root is None or root.kind != "Sqrt":
        return False
    square = rewrite.producers.get(_mean_of(rewrite, root.inputs[0]))
    if square is None or square.kind != "Pow" or square.inputs[0] != centred:
        return False
    return bool(np.all(rewrite.constants.get(square.inputs[1], 0) == 2))


def _mean_of(rewrite: Rewrite, name: str) -> str:
    """Return what `name` is the mean of over all pixels and channels, in however many steps; "" if of nothing."""
    axes: set[int] = set()
    while (node := rewrite.producers.get(name)) is not None and node.kind == "ReduceMean":
        axes |= {int(axis) % 4 for axis in np.ravel(rewrite.constants.get(node.inputs[1], np.array([])))}
        name = node.inputs[0]
    return name if axes == PIXELS and len(rewrite.shapes[name]) == 4 else ""
