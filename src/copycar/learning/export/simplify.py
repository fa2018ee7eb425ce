"""Rewrites a graph into fewer and plainer layers that compute the same. Knows no file formats.

A weighted sum becomes a dense layer, one of several outputs is computed alone, and ReLU joins the layer before it. That
is what other formats can say, and what their runtimes are quick at.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from copycar.learning.export.graph import Graph, Node
from copycar.learning.export.own_mean import by_own_mean
from copycar.learning.export.rewrite import Rewrite, rewritten, without_dead

ELEMENTWISE = ("Abs", "Clip", "Relu", "Sigmoid", "Tanh")
"""Layers of one input that treat every number alike."""


def simplify(graph: Graph) -> Graph:
    """Return a graph that computes the same."""
    for rule in (by_own_mean, _sum_as_dense, _likeliest, _select_early, _fuse_relu):
        graph = without_dead(rewritten(graph, rule))
    return graph


def _sum_as_dense(rewrite: Rewrite, node: Node) -> bool:
    """The sum of numbers times constants: how a distribution over bins becomes its mean."""
    product = rewrite.producers.get(node.inputs[0])
    if node.kind != "ReduceSum" or product is None or product.kind != "Mul" or rewrite.uses[product.output] != 1:
        return False
    numbers, weights = product.inputs
    shape = rewrite.shapes[numbers]
    axes = [int(axis) % 2 for axis in np.ravel(rewrite.constants.get(node.inputs[1], np.array([])))]
    if len(shape) != 2 or axes != [1] or rewrite.constants.get(weights, np.empty(0)).size != shape[1]:
        return False
    row = rewrite.constant(weights, rewrite.constants[weights].reshape(1, -1))
    column = rewrite.new(numbers, (shape[0], 1))
    rewrite.add("Gemm", (numbers, row), column, transB=1)
    _reshape(rewrite, column, node.output)
    return True


def _likeliest(rewrite: Rewrite, node: Node) -> bool:
    """The entry of a table that stands at the place of the largest number: the likeliest bin."""
    if node.kind != "Gather" or len(rewrite.constants.get(node.inputs[0], np.empty((0, 0))).shape) != 1:
        return False
    place = rewrite.producers.get(node.inputs[1])
    if place is not None and place.kind == "Reshape":  # of one number
        place = rewrite.producers.get(place.inputs[0])
    if place is None or place.kind != "ArgMax" or rewrite.shapes[place.inputs[0]][:-1] != (1,):
        return False
    rewrite.add("Likeliest", (place.inputs[0], node.inputs[0]), node.output)
    return True


def _select_early(rewrite: Rewrite, node: Node) -> bool:
    """One column of several: computed alone, as far up as it goes."""
    if not _selects_column(rewrite, node):
        return False
    (index,) = np.ravel(rewrite.constants[node.inputs[1]])
    _push_up(rewrite, node.inputs[0], int(index), node.output)
    return True


def _selects_column(rewrite: Rewrite, node: Node) -> bool:
    if node.kind != "Gather" or node.attributes.get("axis", 0) != 1 or len(rewrite.shapes[node.inputs[0]]) != 2:
        return False
    return rewrite.constants.get(node.inputs[1], np.empty(0)).shape in ((), (1,))


def _push_up(rewrite: Rewrite, source: str, index: int, output: str) -> None:
    """Append what gives column `index` of the value `source` (1, N) as `output`."""
    producer = rewrite.producers.get(source)
    index %= rewrite.shapes[source][1]
    if producer is not None and producer.kind in ELEMENTWISE:
        column = rewrite.new(source, rewrite.shapes[output])
        _push_up(rewrite, producer.inputs[0], index, column)
        rewrite.add(producer.kind, (column, *producer.inputs[1:]), output, **producer.attributes)
    elif producer is not None and producer.kind == "Concat":
        _push_up(rewrite, *_piece(rewrite, producer.inputs, index), output)
    elif producer is not None and _is_dense(rewrite, producer):
        numbers, *parameters = producer.inputs
        rows = [rewrite.constant(name, rewrite.constants[name][index : index + 1]) for name in parameters]
        column = rewrite.new(source, (1, 1))
        rewrite.add("Gemm", (numbers, *rows), column, transB=1)
        _reshape(rewrite, column, output)
    elif rewrite.shapes[source][1] == 1:
        _reshape(rewrite, source, output)
    else:
        rewrite.add("Gather", (source, rewrite.constant("column", np.array(index))), output, axis=1)


def _piece(rewrite: Rewrite, pieces: Sequence[str], index: int) -> tuple[str, int]:
    """Return which of the joined values holds column `index`, and which of its columns that is."""
    for piece in pieces:
        if index < rewrite.shapes[piece][1]:
            return piece, index
        index -= rewrite.shapes[piece][1]
    raise IndexError(index)


def _is_dense(rewrite: Rewrite, node: Node) -> bool:
    return (
        node.kind == "Gemm"
        and bool(node.attributes.get("transB"))
        and all(name in rewrite.constants for name in node.inputs[1:])
        and {node.attributes.get("alpha", 1.0), node.attributes.get("beta", 1.0)} == {1.0}
    )


def _fuse_relu(rewrite: Rewrite, node: Node) -> bool:
    """ReLU joins the layer before it, where nobody else reads that layer's output."""
    if node.kind != "Relu" or rewrite.uses[node.inputs[0]] != 1:
        return False
    place = next((i for i, made in enumerate(rewrite.nodes) if made.output == node.inputs[0]), None)
    if place is None or rewrite.nodes[place].kind not in ("Conv", "Gemm"):
        return False
    layer = rewrite.nodes[place]
    rewrite.nodes[place] = replace(layer, output=node.output, attributes={**layer.attributes, "activation": "relu"})
    return True


def _reshape(rewrite: Rewrite, source: str, output: str) -> None:
    shape = rewrite.constant("shape", np.array(rewrite.shapes[output], dtype=np.int64))
    rewrite.add("Reshape", (source, shape), output)
