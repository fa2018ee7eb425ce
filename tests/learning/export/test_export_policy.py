"""Files written by `export_policy`, for every target."""

import json
import os
import stat

import numpy as np
import onnx
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.learning.export import export as export_module
from copycar.learning.export.compare import Comparison
from copycar.learning.export.export import export_policy
from copycar.testing.tub import make_tub

SIZE = (97, 131)


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    """A tub of the policies' camera."""
    return make_tub(tmp_path_factory.mktemp("road") / "tub", n_frames=60, image_size=SIZE)


def actions(policy, pictures):
    return np.array([policy.act({"image": image}) for image in pictures])


@pytest.mark.parametrize(("precision", "largest_share"), [("fp32", 1.01), ("fp16", 0.6), ("int8", 0.45)])
def test_onnx_stays_a_policy_that_drives_alike(policy_of, pictures, road, tmp_path, precision, largest_share):
    source, out = policy_of("copycar"), tmp_path / "small.onnx"
    exported = export_policy(source, "onnx", out, precision=precision, calibrate=road)
    policy = Policy.load(out)
    assert policy.metadata.precision == precision
    assert (policy.metadata.network, policy.metadata.seed) == ("copycar", 3)
    assert exported.size_bytes <= largest_share * source.stat().st_size
    assert exported.comparison.mean <= exported.comparison.largest < 0.08
    np.testing.assert_allclose(actions(policy, pictures), actions(Policy.load(source), pictures), atol=0.08)


def test_int8_computes_in_int8(policy_of, road, tmp_path):
    export_policy(policy_of("copycar"), "onnx", tmp_path / "p.onnx", precision="int8", calibrate=road)
    model = onnx.load(tmp_path / "p.onnx")
    kinds = {tensor.data_type for tensor in model.graph.initializer if tensor.name.endswith("weight_quantized")}
    assert kinds == {onnx.TensorProto.INT8}
    weights = [onnx.numpy_helper.to_array(t) for t in model.graph.initializer if t.name.endswith("weight_quantized")]
    assert (
        max(np.abs(values.astype(int)).max() for values in weights) <= 64
    )  # seven bits: without int8 dot products, eight would overflow


def test_tflite_is_a_policy_too(policy_of, pictures, road, tmp_path):
    out = tmp_path / "p.tflite"
    exported = export_policy(policy_of("copycar"), "tflite", out, calibrate=road)
    assert exported.comparison.largest < 1e-5
    policy = Policy.load(out)
    assert policy.image_size == SIZE
    np.testing.assert_allclose(
        actions(policy, pictures), actions(Policy.load(policy_of("copycar")), pictures), atol=1e-5
    )


def test_a_donkeycar_file_is_not_taken_for_one_of_ours(policy_of, road, tmp_path):
    out = tmp_path / "p.tflite"
    export_policy(policy_of("copycar"), "tflite", out, is_for_donkeycar=True, calibrate=road)
    with pytest.raises(CopycarError, match="is not a copycar policy"):
        Policy.load(out)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "suffix", "is_for_donkeycar"),
    [
        ("linear", "h5", True),
        ("copycar", "keras", True),
        ("localizer", "h5", False),  # three heads: Keras must give each its own weights
        ("localizer", "keras", False),
    ],
)
def test_keras_computes_what_the_policy_does(policy_of, road, tmp_path, name, suffix, is_for_donkeycar):
    out, before = tmp_path / f"p.{suffix}", os.environ.get("KERAS_BACKEND")
    exported = export_policy(policy_of(name), "keras", out, is_for_donkeycar=is_for_donkeycar, calibrate=road)
    assert exported.comparison.largest < 1e-5
    assert os.environ.get("KERAS_BACKEND") == before


def test_a_file_that_decides_otherwise_is_not_left_behind(policy_of, tmp_path, monkeypatch):
    apart = Comparison(0.3, 0.02, {}, {})
    monkeypatch.setattr(export_module, "compare", lambda *_: apart)
    with pytest.raises(CopycarError, match=r"was not written: its actions differ by up to 0\.3000"):
        export_policy(policy_of("copycar"), "tflite", tmp_path / "p.tflite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "out", "wishes", "message"),
    [
        ("tflite", "p.tflite", {"precision": "int8", "is_for_donkeycar": True}, "no int8 for donkeycar"),
        ("keras", "p.keras", {"precision": "fp16"}, "no fp16 for keras"),
        ("onnx", "p.onnx", {"is_for_donkeycar": True}, "donkeycar does not load onnx"),
        ("keras", "p.onnx", {}, r"does not end in \.h5 or \.keras"),
        ("onnx", "p.onnx", {"precision": "int8"}, "int8 needs real frames"),
        ("onx", "p.onnx", {}, "did you mean onnx"),
    ],
)
def test_what_cannot_be_is_refused(policy_of, tmp_path, target, out, wishes, message):
    with pytest.raises(CopycarError, match=message):
        export_policy(policy_of("copycar"), target, tmp_path / out, **wishes)
    assert list(tmp_path.iterdir()) == []


def test_an_exported_policy_is_not_exported_again(policy_of, road, tmp_path):
    export_policy(policy_of("copycar"), "onnx", tmp_path / "p.onnx", precision="int8", calibrate=road)
    with pytest.raises(CopycarError, match="is int8 already"):
        export_policy(tmp_path / "p.onnx", "tflite", tmp_path / "p.tflite")


def test_the_policy_itself_is_not_written_over(policy_of):
    source = policy_of("copycar")
    with pytest.raises(CopycarError, match="is the policy itself"):
        export_policy(source.parent, "onnx", source)


def test_a_folder_that_is_not_there_is_named_before_the_work(policy_of, tmp_path):
    with pytest.raises(CopycarError, match="there is no folder"):
        export_policy(policy_of("copycar"), "onnx", tmp_path / "gone" / "p.onnx")


def test_without_trtexec_its_model_and_command_are_given(policy_of, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CopycarError, match=r"trtexec --onnx=p-for-trtexec\.onnx --saveEngine=p\.engine --fp16"):
        export_policy(policy_of("copycar"), "tensorrt", tmp_path / "p.engine", precision="fp16")
    model = onnx.load(tmp_path / "p-for-trtexec.onnx")
    onnx.checker.check_model(model, full_check=True)
    (reader,) = [node for node in model.graph.node if "image" in node.input]
    assert reader.op_type == "Cast"


def test_trtexec_builds_the_engine(policy_of, tmp_path, monkeypatch):
    program = tmp_path / "trtexec"
    program.write_text('#!/bin/sh\nfor a; do case $a in --saveEngine=*) echo "$@" > "${a#*=}";; esac; done\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    exported = export_policy(policy_of("copycar"), "tensorrt", tmp_path / "p.engine")
    assert exported.comparison is None  # this machine cannot run it
    assert json.loads(json.dumps(exported.as_json()))["parity_max"] is None
    assert "--onnx=" in (tmp_path / "p.engine").read_text()
