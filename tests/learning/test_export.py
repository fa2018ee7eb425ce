import numpy as np
import onnx
import pytest
import torch
from example_networks import batch_for, frames, made

from copycar.core.errors import CopycarError
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.driving.runtime.policy import Policy
from copycar.learning.export import onnx as export_module
from copycar.learning.export.onnx import export_onnx
from copycar.learning.policies.network import NETWORKS

SIZE = (97, 131)
SMALL = (48, 64)


def card(name, size=SIZE):
    return PolicyMetadata(network=name, image_size=size, seed=3, metrics={"steering": {"r2": None}})


def network(name, size=SIZE):
    """Return one whose actions differ from frame to frame: fresh heads are nearly zero."""
    made_one = made(name, size)
    with torch.no_grad():
        for parameter in made_one.parameters():
            parameter.mul_(1.4)
    return made_one


def export(trained, path, name="copycar"):
    size = trained.pipeline.image_size
    return export_onnx(trained, path, card(name, size), batch_for(trained, frames(4, size)))


@pytest.mark.parametrize("name", NETWORKS.names())
def test_the_file_decides_as_the_network_does(tmp_path, name):
    trained = network(name)
    assert export(trained, tmp_path / "policy.onnx", name) < 1e-5
    policy = Policy.load(tmp_path / "policy.onnx")
    assert policy.metadata == card(name)
    assert [path.name for path in tmp_path.iterdir()] == ["policy.onnx"]


@pytest.mark.parametrize("name", ["rnn", "memory", "localizer"])
def test_frame_by_frame_the_file_answers_as_the_network_does(tmp_path, name):
    trained = network(name)
    export(trained, tmp_path / "policy.onnx", name)
    policy, states = Policy.load(tmp_path / "policy.onnx"), trained.states()
    for image in frames(5, SIZE):
        with torch.inference_mode():
            outputs, states = trained.step({"image": image[None]}, states)
            expected = trained.more(outputs) | {"action": trained.action(outputs)}
        answers = policy.infer({"image": image.numpy()})
        got = {"action": np.hstack([answers.pop("steering"), answers.pop("throttle")])} | answers
        assert got.keys() == expected.keys()
        for answer, value in expected.items():
            np.testing.assert_allclose(got[answer], value[0], atol=1e-5)
    policy.reset()
    again = policy.act({"image": frames(5, SIZE)[0].numpy()})
    first = Policy.load(tmp_path / "policy.onnx").act({"image": frames(5, SIZE)[0].numpy()})
    assert again == first


def test_the_graph_takes_the_raw_frame_and_names_its_ends(tmp_path):
    export(network("copycar", SMALL), tmp_path / "policy.onnx")
    graph = onnx.load(tmp_path / "policy.onnx").graph
    (image,) = graph.input
    assert image.name == "image"
    assert image.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert [axis.dim_value for axis in image.type.tensor_type.shape.dim] == [1, 48, 64, 3]
    assert [output.name for output in graph.output] == ["steering", "throttle"]


def test_broken_weights_are_refused_and_the_old_file_stays(tmp_path):
    broken = network("copycar", SMALL)
    with torch.no_grad():
        next(iter(broken.parameters())).fill_(float("nan"))
    (tmp_path / "policy.onnx").write_text("the old one")
    with pytest.raises(CopycarError, match="was not written"):
        export(broken, tmp_path / "policy.onnx")
    assert (tmp_path / "policy.onnx").read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["policy.onnx"]


def test_a_file_that_decides_otherwise_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(export_module, "_by_policy", lambda _, examples: np.full((len(examples), 2), 0.02))
    monkeypatch.setattr(export_module, "_by_torch", lambda _, examples: np.zeros((len(examples), 2)))
    with pytest.raises(CopycarError, match=r"differs from the trained network by 0\.0200"):
        export(network("copycar", SMALL), tmp_path / "p.onnx")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_printed(tmp_path, capfd):
    export(network("copycar", SMALL), tmp_path / "p.onnx")
    assert capfd.readouterr() == ("", "")
