"""Every network that can be written in another format decides there as its policy file does."""

import numpy as np
import onnx
import onnxruntime
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.litert import LiteRtSession
from copycar.driving.runtime.metadata import KEY
from copycar.driving.runtime.policy import Policy
from copycar.learning.export.ends import DONKEYCAR, OURS
from copycar.learning.export.graph import Graph, Node, read_graph
from copycar.learning.export.keras import KerasBuilder
from copycar.learning.export.tflite import TFLiteBuilder
from copycar.learning.export.walk import walk
from copycar.learning.policies.network import NETWORKS

UNKNOWN = {"commands": "ReduceMax", "conv3d": "Conv with weights", "rnn": "LSTM"}
"""Networks that .tflite cannot hold, and the layer that is named."""
QUICK = ("copycar", "linear")
LARGE = ("resnet18",)
"""Takes a quarter of a minute to make; what it is made of is tried below."""


def as_tflite(policy_file, path, precision="fp32"):
    builder = TFLiteBuilder(precision)
    walk(read_graph(policy_file), builder, OURS)
    path.write_bytes(builder.file.finish({KEY: Policy.load(policy_file).metadata.to_json()}))
    return Policy.load(path)


def observation(policy, image, rng):
    """Return a picture with random sensors; choices stay at their first."""
    sensors = {name: given["width"] for name, given in policy.metadata.inputs.items() if "width" in given}
    return {"image": image} | {name: rng.uniform(-1, 1, width).astype(np.float32) for name, width in sensors.items()}


def largest_difference(one, other, pictures):
    rng = np.random.default_rng(0)
    differences = []
    for image in pictures:
        seen = observation(one, image, rng)
        expected, got = one.infer(seen), other.infer(seen)
        assert expected.keys() == got.keys()
        assert {name: value.shape for name, value in expected.items()} == {n: v.shape for n, v in got.items()}
        differences += [np.abs(expected[name] - got[name]).max() for name in expected]
    return max(differences)


def check(name, policy_of, pictures, folder, precision, tolerance):
    policy = Policy.load(policy_of(name))
    assert largest_difference(policy, as_tflite(policy_of(name), folder / "p.tflite", precision), pictures) < tolerance


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize(("precision", "tolerance"), [("fp32", 1e-5), ("fp16", 5e-3), ("int8", 0.08)])
def test_litert_decides_as_the_policy(policy_of, pictures, tmp_path, name, precision, tolerance):
    check(name, policy_of, pictures, tmp_path, precision, tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(NETWORKS) - {*UNKNOWN, *QUICK, *LARGE}))
def test_litert_decides_as_every_policy_frame_by_frame(policy_of, pictures, tmp_path, name):
    check(name, policy_of, pictures, tmp_path, "fp32", 1e-5)


@pytest.mark.slow
def test_the_likeliest_bin_is_found(policy_of, pictures, tmp_path):
    file = policy_of("categorical", decide="highest", least_throttle=0.0, most_throttle=0.76)
    assert largest_difference(Policy.load(file), as_tflite(file, tmp_path / "p.tflite"), pictures) < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize(("name", "layer"), UNKNOWN.items())
def test_a_layer_that_cannot_be_written_is_named(policy_of, name, layer):
    with pytest.raises(CopycarError, match=rf"\.tflite cannot hold this network: it has the layer {layer}"):
        walk(read_graph(policy_of(name)), TFLiteBuilder("fp32"), OURS)


@pytest.mark.slow
def test_what_needs_more_than_the_picture_is_not_for_donkeycar(policy_of):
    with pytest.raises(CopycarError, match="it needs imu beside the picture"):
        walk(read_graph(policy_of("imu")), TFLiteBuilder("fp32"), DONKEYCAR)


def test_scalings_that_cancel_are_not_written(policy_of):
    builder = KerasBuilder(is_clipped=False)
    walk(read_graph(policy_of("linear")), builder, DONKEYCAR)
    kinds = [layer["class_name"] for layer in builder.model.layers]
    assert kinds == ["InputLayer", *["Conv2D"] * 5, "Flatten", *["Dense"] * 4]  # 0 … 1 times 255 by 255


def picture_graph(*nodes, **constants):
    """Return a graph of a picture (1, 2, 6, 7) with these layers in a row, whose shapes ONNX infers."""
    helper, ends = onnx.helper, []
    for kind, names, attributes in nodes:
        ends.append(
            helper.make_node(kind, [ends[-1].output[0] if ends else "image", *names], [f"v{len(ends)}"], **attributes)
        )
    ends[-1].output[0] = "steering"
    image = helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, (1, 2, 6, 7))
    steering = helper.make_tensor_value_info("steering", onnx.TensorProto.FLOAT, None)
    kept = [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(ends, "graph", [image], [steering], kept)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def by_litert(model, image, folder):
    """Return what LiteRT makes of a picture with a graph as .tflite."""
    onnx.save(model, folder / "g.onnx")
    builder = TFLiteBuilder("fp32")
    walk(read_graph(folder / "g.onnx"), builder, OURS)
    (folder / "g.tflite").write_bytes(builder.file.finish({}))
    return LiteRtSession(folder / "g.tflite", 1).run(["steering"], {"image": image})[0]


def by_onnx(model, image):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["steering"], {"image": image})[0]


RNG = np.random.default_rng(0)
KERNEL = RNG.normal(size=(4, 2, 3, 3)).astype(np.float32)
AROUND = {"pads": [1, 1, 1, 1], "strides": [2, 2], "kernel_shape": [3, 3]}


@pytest.mark.parametrize(
    "nodes",
    [
        [("Conv", ["kernel"], AROUND), ("Relu", [], {}), ("MaxPool", [], AROUND)],
        [("AveragePool", [], {"kernel_shape": [2, 3], "strides": [2, 2]}), ("Abs", [], {})],
        [("ReduceMean", ["hw"], {"keepdims": 0}), ("Clip", ["low", "high"], {})],
        [("Clip", ["", "high"], {}), ("Transpose", [], {"perm": [0, 3, 1, 2]}), ("Softmax", [], {"axis": 3})],
        [("Slice", ["starts", "ends", "axes"], {}), ("Add", ["per_channel"], {}), ("Sigmoid", [], {})],
        [("Mul", ["two"], {}), ("Sub", ["two"], {}), ("Div", ["two"], {}), ("Add", ["two"], {})],
        [("Resize", ["", "", "size"], {"mode": "linear"}), ("Tanh", [], {})],
        [("Slice", ["one", "three", "axes"], {}), ("Pad", ["pads"], {}), ("Add", ["per_channel"], {})],
        [("Slice", ["first", "second", "channel"], {}), ("Expand", ["rgb"], {}), ("Abs", [], {})],
        [("Slice", ["last", "before", "channel", "back"], {}), ("Add", ["per_channel"], {})],
    ],
    ids=lambda nodes: "-".join(kind for kind, *_ in nodes),
)
def test_layers_of_pictures_keep_their_meaning(tmp_path, nodes):
    constants = {
        "kernel": KERNEL,
        "hw": np.array([2, 3]),
        "low": np.array(-0.3, np.float32),
        "high": np.array(0.4, np.float32),
        "starts": np.array([1, -5]),
        "ends": np.array([5, 100]),
        "axes": np.array([2, 3]),
        "per_channel": np.array([[[0.5]], [[-0.5]]], np.float32),
        "two": np.array(2.0, np.float32),
        "size": np.array([1, 2, 9, 5]),
        "one": np.array([1, 1]),
        "three": np.array([3, 3]),
        "pads": np.array([0, 0, 1, 2, 0, 0, 3, 4]),
        "first": np.array([0]),
        "second": np.array([1]),
        "channel": np.array([1]),
        "last": np.array([1]),
        "before": np.array([-5]),
        "back": np.array([-1]),
        "rgb": np.array([1, 3, 6, 7]),
    }
    model = picture_graph(*nodes, **constants)
    image = RNG.normal(size=(1, 2, 6, 7)).astype(np.float32)
    np.testing.assert_allclose(by_litert(model, image, tmp_path), by_onnx(model, image), atol=1e-5)


@pytest.mark.parametrize(
    ("node", "why"),
    [
        (("MaxPool", [], AROUND), "its windows are unusual"),  # a zero could be the maximum of negative numbers
        (("Softmax", [], {"axis": 1}), "along the last axis"),
        (("Pad", ["around"], {"mode": "reflect"}), "something else than zeros"),
        (("Conv", ["grouped"], {"group": 2}), "no plain convolution"),
        (("Resize", ["", "", "size"], {"mode": "nearest"}), "another way than bilinearly"),
    ],
)
def test_unusual_layers_are_refused_rather_than_written_wrongly(tmp_path, node, why):
    grouped = np.ones((2, 1, 3, 3), np.float32)
    with pytest.raises(CopycarError, match=why):
        model = picture_graph(node, grouped=grouped, size=np.array([1, 2, 9, 5]), around=np.array([0, 0, 1, 1] * 2))
        by_litert(model, np.zeros((1, 2, 6, 7)), tmp_path)


def test_a_setting_that_is_computed_is_refused():
    shapes = {"image": (4,), "place": (), "steering": ()}
    types = {"image": np.dtype(np.float32), "place": np.dtype(np.float32)}
    nodes = (Node("Gather", ("image", "place"), "steering"),)
    with pytest.raises(CopycarError, match="computed while it runs"):
        walk(Graph(("image", "place"), ("steering",), nodes, {}, shapes, types), TFLiteBuilder("fp32"), OURS)
