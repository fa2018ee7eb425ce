import numpy as np
import onnx
import pytest
import torch

from copycar.core.errors import CopycarError
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.driving.runtime.policy import Policy
from copycar.learning.export import onnx as export_module
from copycar.learning.export.onnx import export_onnx
from copycar.learning.policies.network import NETWORKS

SIZE = (97, 131)


def frames(n=6, size=SIZE):
    return np.random.default_rng(0).integers(0, 256, (n, *size, 3), dtype=np.uint8)


def card(name, size=SIZE):
    return PolicyMetadata(network=name, image_size=size, seed=3, metrics={"steering": {"r2": None}})


def network(name, size=SIZE):
    """Return one whose actions differ from frame to frame: fresh heads are nearly zero."""
    torch.manual_seed(0)
    made = NETWORKS.get(name)(size)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(1.4)
    return made


@pytest.mark.parametrize("name", NETWORKS.names())
def test_the_file_decides_as_the_network_does(tmp_path, name):
    trained = network(name)
    difference = export_onnx(trained, tmp_path / "policy.onnx", card(name), frames())
    assert difference < 1e-4
    policy = Policy.load(tmp_path / "policy.onnx")
    assert policy.metadata == card(name)
    with torch.inference_mode():
        expected = trained.action(trained(torch.from_numpy(frames()))).numpy()
    got = np.array([policy.act({"image": frame}) for frame in frames()])
    np.testing.assert_allclose(got, expected, atol=1e-4)
    assert [path.name for path in tmp_path.iterdir()] == ["policy.onnx"]


def test_the_graph_takes_the_raw_frame_and_names_its_ends(tmp_path):
    export_onnx(network("copycar", (48, 64)), tmp_path / "policy.onnx", card("copycar", (48, 64)), frames(1, (48, 64)))
    graph = onnx.load(tmp_path / "policy.onnx").graph
    (image,) = graph.input
    assert image.name == "image"
    assert image.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert [axis.dim_value for axis in image.type.tensor_type.shape.dim] == [1, 48, 64, 3]
    assert [output.name for output in graph.output] == ["steering", "throttle"]


def test_broken_weights_are_refused_and_the_old_file_stays(tmp_path):
    broken = network("copycar", (48, 64))
    with torch.no_grad():
        next(iter(broken.parameters())).fill_(float("nan"))
    (tmp_path / "policy.onnx").write_text("the old one")
    with pytest.raises(CopycarError, match="was not written"):
        export_onnx(broken, tmp_path / "policy.onnx", card("copycar", (48, 64)), frames(1, (48, 64)))
    assert (tmp_path / "policy.onnx").read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["policy.onnx"]


def test_a_file_that_decides_otherwise_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(export_module, "_largest_difference", lambda *_: 0.02)
    with pytest.raises(CopycarError, match=r"differs from the trained network by 0\.0200"):
        export_onnx(network("copycar", (48, 64)), tmp_path / "p.onnx", card("copycar", (48, 64)), frames(1, (48, 64)))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_printed(tmp_path, capfd):
    export_onnx(network("copycar", (48, 64)), tmp_path / "p.onnx", card("copycar", (48, 64)), frames(1, (48, 64)))
    assert capfd.readouterr() == ("", "")
