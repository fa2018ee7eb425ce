"""Rewrites a graph node by node. Knows no rules.

A rule looks at one node and says what computes the same instead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from copycar.learning.export.graph import Array, Graph, Node, Shape


@dataclass
class Rewrite:
    """The graph while it is rewritten; `nodes` grows in running order."""

    graph: Graph
    nodes: list[Node] = field(default_factory=list)
    constants: dict[str, Array] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.constants, self.shapes = dict(self.graph.constants), dict(self.graph.shapes)
        self.producers, self.uses = self.graph.producers(), self.graph.uses()

    def new(self, like: str, shape: Shape) -> str:
        """Return the name of a new value."""
        name = next(name for number in count(1) if (name := f"{like}.{number}") not in self.shapes)
        self.shapes[name] = shape
        return name

    def constant(self, like: str, values: Array) -> str:
        """Keep a new constant and return its name."""
        name = self.new(like, values.shape)
        self.constants[name] = values
        return name

    def add(self, kind: str, inputs: tuple[str, ...], output: str, **attributes: object) -> None:
        """Append a node."""
        self.nodes.append(Node(kind, inputs, output, attributes))


Rule = Callable[[Rewrite, Node], bool]
"""Appends what replaces a node and returns True, or returns False and leaves it as it is."""


def rewritten(graph: Graph, rule: Rule) -> Graph:
    """Return the graph after the rule has seen every node."""
    rewrite = Rewrite(graph)
    for node in graph.nodes:
        if not rule(rewrite, node):
            rewrite.nodes.append(node)
    return replace(graph, nodes=tuple(rewrite.nodes), constants=rewrite.constants, shapes=rewrite.shapes)


def without_dead(graph: Graph) -> Graph:
    """Return the graph without layers whose output nobody reads."""
    wanted, kept = set(graph.outputs), []
    for node in reversed(graph.nodes):
        if node.output in wanted:
            wanted.update(node.inputs)
            kept.append(node)
    constants: Mapping[str, Array] = {name: array for name, array in graph.constants.items() if name in wanted}
    return replace(graph, nodes=tuple(reversed(kept)), constants=constants)
