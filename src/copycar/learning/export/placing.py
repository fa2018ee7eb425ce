"""Values of a graph as they lie in the file that is being written. Knows no operators and no file formats.

Networks are trained on pictures as (C, H, W), small runtimes want (H, W, C). So every value remembers in which order
its axes lie: a transposition writes nothing, and only where a layer needs another order is one written. In the same way
scaling by constants is remembered, and written when a layer needs the result: what cancels is never written.
"""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from copycar.learning.export.builder import Builder, cannot_write
from copycar.learning.export.graph import Array, Graph, Node, Shape

T = TypeVar("T")

PICTURE = (0, 2, 3, 1)
"""Where the axes of a picture (1, C, H, W) lie in small runtimes: (1, H, W, C)."""


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A value in the file.

    Attributes:
        value: the builder's.
        order: axis i of the value in the file is axis `order[i]` of the graph's.
        scale, offset: what the graph's value is: `scale` times the file's, plus `offset`.
        numbers: for a flattened picture, which of the graph's numbers lies where, int64 (N,); else None.
    """

    value: T
    order: tuple[int, ...]
    scale: float = 1.0
    offset: float = 0.0
    numbers: Array | None = None


class Placing(Generic[T]):
    """The values made so far.

    Args:
        graph: whose values.
        builder: writes what is needed to bring one into another form.
    """

    def __init__(self, graph: Graph, builder: Builder[T]) -> None:
        self.graph, self.builder = graph, builder
        self.placed: dict[str, Placed[T]] = {}

    def constant(self, node: Node, position: int) -> Array:
        """Return an input of a node that must be a constant.

        Raises:
            CopycarError: it is computed while the network runs.
        """
        name = node.inputs[position] if position < len(node.inputs) else ""
        if name not in self.graph.constants:
            raise cannot_write(node.kind, self.builder.format, "one of its settings is computed while it runs")
        return self.graph.constants[name]

    def settled(self, name: str) -> Placed[T]:
        """Return a value with its scaling written."""
        placed = self.placed[name]
        self.placed[name] = settled = replace(placed, value=self.written(placed), scale=1.0, offset=0.0)
        return settled

    def written(self, placed: Placed[T]) -> T:
        """Return what a value is after its scaling."""
        if (placed.scale, placed.offset) == (1.0, 0.0):
            return placed.value
        return self.builder.rescale(placed.value, placed.scale, placed.offset)

    def plain(self, name: str) -> T:
        """Return a value with its axes as in the graph."""
        return self.ordered(name, as_they_are(self.graph.shapes[name]))

    def picture(self, name: str) -> T:
        """Return a value (1, C, H, W) of the graph as (1, H, W, C)."""
        return self.ordered(name, PICTURE)

    def ordered(self, name: str, order: tuple[int, ...]) -> T:
        """Return a value with its axes in this order."""
        placed = self.settled(name)
        if placed.order == order:
            return placed.value
        return self.builder.transpose(placed.value, tuple(placed.order.index(axis) for axis in order))


def as_they_are(shape: Shape) -> tuple[int, ...]:
    """Return the order of axes that changes nothing."""
    return tuple(range(len(shape)))
