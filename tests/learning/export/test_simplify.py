import numpy as np

from copycar.learning.export.graph import Graph, Node
from copycar.learning.export.simplify import simplify


def graph(nodes, outputs, constants, shapes):
    sized = shapes | {name: values.shape for name, values in constants.items()}
    return Graph(("x",), outputs, tuple(nodes), constants, sized, {"x": np.dtype(np.float32)})


def kinds(simplified):
    return [node.kind for node in simplified.nodes]


def test_a_weighted_sum_becomes_a_dense_layer():
    constants = {"centres": np.linspace(-1, 1, 5, dtype=np.float32), "axis": np.array([1])}
    nodes = [Node("Mul", ("x", "centres"), "product"), Node("ReduceSum", ("product", "axis"), "mean")]
    simplified = simplify(graph(nodes, ("mean",), constants, {"x": (1, 5), "product": (1, 5), "mean": (1,)}))
    assert kinds(simplified) == ["Gemm", "Reshape"]
    np.testing.assert_array_equal(simplified.constants[simplified.nodes[0].inputs[1]], constants["centres"][None])


def test_one_of_two_outputs_is_computed_alone():
    weights = np.arange(8, dtype=np.float32).reshape(2, 4)
    constants = {"w": weights, "b": np.array([5, 6], np.float32), "second": np.array(1), "low": np.array(-1.0)}
    nodes = [
        Node("Gemm", ("x", "w", "b"), "both", {"transB": 1}),
        Node("Clip", ("both", "low", "low"), "kept"),
        Node("Gather", ("kept", "second"), "throttle", {"axis": 1}),
    ]
    shapes = {"x": (1, 4), "both": (1, 2), "kept": (1, 2), "throttle": (1,)}
    simplified = simplify(graph(nodes, ("throttle",), constants, shapes))
    assert kinds(simplified) == ["Gemm", "Reshape", "Clip"]
    _, weight, bias = simplified.nodes[0].inputs
    np.testing.assert_array_equal(simplified.constants[weight], weights[1:])
    np.testing.assert_array_equal(simplified.constants[bias], [6])


def test_a_column_of_joined_values_is_taken_from_the_one_that_holds_it():
    constants = {"third": np.array(2)}
    nodes = [
        Node("Tanh", ("x",), "a"),
        Node("Sigmoid", ("x",), "b"),
        Node("Concat", ("a", "b"), "joined", {"axis": 1}),
        Node("Gather", ("joined", "third"), "steering", {"axis": 1}),
    ]
    shapes = {"x": (1, 2), "a": (1, 2), "b": (1, 2), "joined": (1, 4), "steering": (1,)}
    simplified = simplify(graph(nodes, ("steering",), constants, shapes))
    assert kinds(simplified) == ["Gather", "Sigmoid"]
    assert simplified.constants[simplified.nodes[0].inputs[1]] == 0


def test_relu_joins_the_layer_before_it_unless_others_read_that():
    constants = {"w": np.eye(3, dtype=np.float32)}
    dense = Node("Gemm", ("x", "w"), "y", {"transB": 1})
    shapes = {"x": (1, 3), "y": (1, 3), "z": (1, 3)}
    alone = simplify(graph([dense, Node("Relu", ("y",), "z")], ("z",), constants, shapes))
    assert [(node.kind, node.attributes.get("activation")) for node in alone.nodes] == [("Gemm", "relu")]
    read_twice = simplify(graph([dense, Node("Relu", ("y",), "z")], ("z", "y"), constants, shapes))
    assert kinds(read_twice) == ["Gemm", "Relu"]
