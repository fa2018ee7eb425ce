import json
import zipfile

import h5py
import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.learning.export.export import export_policy
from copycar.learning.import_pilot import import_pilot
from copycar.learning.policies.categorical import Categorical
from copycar.learning.policies.network import Given
from copycar.learning.run import Run
from copycar.learning.transfer import best_weights, load_weights
from donkeycar_files import SIZE, layers_of, weights_of, write_h5, write_keras


def computed(layers, weights, image):
    """Return what donkeycar's network says of a picture, computed as its layers are defined, with numpy alone."""
    x = image.astype(np.float64) / 255
    heads = []
    for name, kind, settings, _ in layers:
        if kind == "Conv2D":
            kernel, bias = weights[name]
            size, stride = kernel.shape[0], settings["strides"][0]
            windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), (0, 1))[::stride, ::stride]
            x = np.maximum(np.einsum("hwcij,ijco->hwo", windows, kernel) + bias, 0)
        elif kind == "Flatten":
            x = x.ravel()
        elif kind == "Dense":
            kernel, bias = weights[name]
            if settings["activation"] == "relu":
                x = np.maximum(x @ kernel + bias, 0)
            else:
                heads.append(x @ kernel + bias)
    return heads


def pilot(kind, path, **changes):
    layers = layers_of(kind)
    write = write_h5 if path.suffix == ".h5" else write_keras
    return write(path, layers, weights_of(layers), **changes)


def act(run, image):
    return np.array(Policy.load(run.policy).act({"image": image}))


@pytest.mark.parametrize("name", ["p.h5", "p.keras"])
def test_a_linear_pilot_decides_as_before(tmp_path, pictures, name):
    imported = import_pilot(pilot("linear", tmp_path / name), tmp_path / "run")
    assert imported.type == "linear"
    layers = layers_of("linear")
    for image in pictures:
        (steering,), (throttle,) = computed(layers, weights_of(layers), image)
        np.testing.assert_allclose(act(imported.run, image), np.clip([steering, throttle], -1, 1), atol=1e-5)


def test_a_categorical_pilot_decides_for_the_same_bins(tmp_path, pictures):
    imported = import_pilot(pilot("categorical", tmp_path / "p.h5"), tmp_path / "run", throttle_range=0.6)
    layers = layers_of("categorical")
    for image in pictures:
        angle, throttle = (int(np.argmax(head)) for head in computed(layers, weights_of(layers), image))
        expected = angle * 2 / 14 - 1, throttle * 0.6 / 20  # donkeycar's utils.linear_unbin
        np.testing.assert_allclose(act(imported.run, image), expected, atol=1e-6)


def test_newer_files_name_their_weights(tmp_path, pictures):
    by_class = import_pilot(pilot("linear", tmp_path / "class.keras"), tmp_path / "class")
    by_name = import_pilot(pilot("linear", tmp_path / "name.keras", is_named=True), tmp_path / "name")
    np.testing.assert_array_equal(act(by_name.run, pictures[0]), act(by_class.run, pictures[0]))


def test_the_run_can_be_gone_on_with(tmp_path):
    run = import_pilot(pilot("categorical", tmp_path / "p.h5"), tmp_path / "run").run
    described = Run.open(run.folder).describe()
    assert (described["state"], described["network"]) == ("done", "categorical")
    assert described["imported"]["file"].endswith("p.h5")
    load_weights(Categorical(Given(SIZE), **described["settings"]["network"]), best_weights(run.folder))


def test_what_we_export_to_keras_comes_back(tmp_path, pictures, policy_of):
    export_policy(policy_of("linear"), "keras", tmp_path / "p.h5", is_for_donkeycar=True)
    run = import_pilot(tmp_path / "p.h5", tmp_path / "run").run
    expected = Policy.load(policy_of("linear")).act({"image": pictures[0]})
    np.testing.assert_allclose(act(run, pictures[0]), expected, atol=1e-5)


def changed(layers, name, **settings):
    return [(n, kind, old | settings if n == name else old, shape) for n, kind, old, shape in layers]


def refuse(tmp_path, layers, message, weights=None, **wishes):
    path = write_h5(tmp_path / "p.h5", layers, weights if weights is not None else weights_of(layers))
    with pytest.raises(CopycarError, match=message):
        import_pilot(path, tmp_path / "run", **wishes)
    assert not (tmp_path / "run").exists()


LINEAR = layers_of("linear")


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (changed(LINEAR, "conv2d_2", strides=[1, 1]), "its layer conv2d_2 is another one"),
        (changed(LINEAR, "conv2d_3", padding="same"), "its layer conv2d_3 is another one"),
        (changed(LINEAR, "dense_1", activation="tanh"), "its layer dense_1 is another one"),
        (changed(LINEAR, "img_in", batch_input_shape=[None, 97, 131, 1]), "copycar's networks take one picture"),
        ([*LINEAR, ("lambda", "Lambda", {"function": "…"}, None)], "the layer lambda of kind Lambda"),
        (LINEAR[:-1], "neither donkeycar's linear nor its categorical"),
        ([*LINEAR[:-2], ("n_outputs0", "Dense", {"activation": "linear"}, (50, 2)), LINEAR[-1]], "layer n_outputs0"),
        ([("img_in", "InputLayer", {"batch_input_shape": [None, 10**9, 131, 3]}, None), *LINEAR[1:]], "takes"),
    ],
)
def test_another_network_is_refused_by_name(tmp_path, layers, message):
    refuse(tmp_path, layers, message)


def test_the_type_that_was_asked_for_must_be_there(tmp_path):
    refuse(tmp_path, LINEAR, "is a linear pilot, not categorical", kind="categorical")


def test_weights_of_another_shape_are_refused(tmp_path):
    weights = weights_of(LINEAR)
    refuse(tmp_path, LINEAR, "its layer dense_2 is another one", weights | {"dense_2": weights["dense_1"]})


def test_weights_that_are_not_numbers_are_refused(tmp_path):
    weights = weights_of(LINEAR)
    kernel, bias = weights["conv2d_1"]
    refuse(tmp_path, LINEAR, "are not all numbers", weights | {"conv2d_1": (kernel * np.nan, bias)})


@pytest.mark.parametrize("trick", ["external", "virtual", "huge", "linked"])
def test_weights_that_are_not_in_the_file_are_not_read(tmp_path, trick):
    """A file must not make us read others, or fill the memory."""
    path = pilot("linear", tmp_path / "p.h5")
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as other:
        other["x"] = np.zeros((5, 5, 3, 24), np.float32)
    with h5py.File(path, "a") as file:
        group = file["model_weights/conv2d_1/conv2d_1"]
        del group["kernel:0"]
        if trick == "external":
            group.create_dataset("kernel:0", (5, 5, 3, 24), np.float32, external=[(str(secret), 0, h5py.h5f.UNLIMITED)])
        elif trick == "virtual":
            layout = h5py.VirtualLayout((5, 5, 3, 24), np.float32)
            layout[:] = h5py.VirtualSource(str(secret), "x", (5, 5, 3, 24))
            group.create_virtual_dataset("kernel:0", layout)
        elif trick == "linked":
            group["kernel:0"] = h5py.ExternalLink(str(secret), "x")
        else:
            group.create_dataset("kernel:0", (10**6, 10**6), np.float32, chunks=(64, 64))  # no byte of it is written
    with pytest.raises(CopycarError, match="cannot be read as a Keras model"):
        import_pilot(path, tmp_path / "run")


@pytest.mark.parametrize("name", ["p.h5", "p.keras"])
def test_a_torn_file_is_named(tmp_path, name):
    path = pilot("linear", tmp_path / name)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(CopycarError, match=rf"{name} cannot be read as a Keras model"):
        import_pilot(path, tmp_path / "run")


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("copycar.learning.keras_weights.MOST_BYTES", 1000)
    path = pilot("linear", tmp_path / "p.keras")
    with pytest.raises(CopycarError, match="bytes long"):
        import_pilot(path, tmp_path / "run")


def test_a_zip_without_a_model_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "p.keras", "w") as file:
        file.writestr("config.json", json.dumps([1, 2]))
    with pytest.raises(CopycarError, match="cannot be read as a Keras model"):
        import_pilot(tmp_path / "p.keras", tmp_path / "run")


def test_other_files_are_not_tried(tmp_path):
    with pytest.raises(CopycarError, match=r"neither \.h5 nor \.keras"):
        import_pilot(tmp_path / "p.savedmodel", tmp_path / "run")
    with pytest.raises(CopycarError, match="no pilot"):
        import_pilot(tmp_path / "p.h5", tmp_path / "run")
