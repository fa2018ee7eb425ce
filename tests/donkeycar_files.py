"""Files of donkeycar's pilots as Keras 2 and 3 write them, made without Keras, with random weights."""

import io
import json
import zipfile

import h5py
import numpy as np

SIZE = (97, 131)
HEADS = {"linear": (("n_outputs0", 1), ("n_outputs1", 1)), "categorical": (("angle_out", 15), ("throttle_out", 20))}
FOURTH_STRIDE = {"linear": 1, "categorical": 2}


def layers_of(kind, size=SIZE):
    """Return (name, class, settings, kernel shape) of every layer, in donkeycar's order."""
    height, width = size
    found = [("img_in", "InputLayer", {"batch_input_shape": [None, height, width, 3]}, None)]
    channels = 3
    convolutions = ((24, 5, 2), (32, 5, 2), (64, 5, 2), (64, 3, FOURTH_STRIDE[kind]), (64, 3, 1))
    for number, (filters, kernel, stride) in enumerate(convolutions, 1):
        settings = {"filters": filters, "strides": [stride, stride], "padding": "valid", "activation": "relu"}
        found.append((f"conv2d_{number}", "Conv2D", settings, (kernel, kernel, channels, filters)))
        found.append((f"dropout_{number}", "Dropout", {"rate": 0.2}, None))
        height, width, channels = (height - kernel) // stride + 1, (width - kernel) // stride + 1, filters
    found.append(("flattened", "Flatten", {}, None))
    n_inputs = height * width * channels
    for number, units in enumerate((100, 50), 1):
        found.append((f"dense_{number}", "Dense", {"units": units, "activation": "relu"}, (n_inputs, units)))
        n_inputs = units
    activation = {"linear": "linear", "categorical": "softmax"}[kind]
    found += [(name, "Dense", {"activation": activation}, (50, units)) for name, units in HEADS[kind]]
    return found


def weights_of(layers, seed=0):
    """Return (kernel, bias) by layer name."""
    rng = np.random.default_rng(seed)
    shapes = {name: shape for name, _, _, shape in layers if shape}
    return {
        name: (
            rng.normal(scale=1.4 / np.sqrt(np.prod(shape[:-1])), size=shape).astype(np.float32),
            rng.normal(scale=0.1, size=shape[-1]).astype(np.float32),
        )
        for name, shape in shapes.items()
    }


def described(layers):
    config = [{"class_name": kind, "config": {"name": name, **settings}} for name, kind, settings, _ in layers]
    return json.dumps({"class_name": "Functional", "config": {"name": "pilot", "layers": config}})


def write_h5(path, layers, weights):
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = described(layers)
        for name, *_ in layers:
            group = file.create_group(f"model_weights/{name}")
            parts = ("kernel:0", "bias:0") if name in weights else ()
            group.attrs["weight_names"] = [f"{name}/{part}".encode() for part in parts]
            for part, values in zip(parts, weights.get(name, ()), strict=True):
                group[f"{name}/{part}"] = values
    return path


def write_keras(path, layers, weights, *, is_named=False):
    """Write a `.keras` file; its weights lie by class, or in newer files by name."""
    packed, counts = io.BytesIO(), {}
    with h5py.File(packed, "w") as file:
        for name, kind, *_ in layers:
            counts[kind] = counts.get(kind, -1) + 1
            place = name if is_named else kind.lower() + (f"_{counts[kind]}" if counts[kind] else "")
            for number, values in enumerate(weights.get(name, ())):
                file[f"layers/{place}/vars/{number}"] = values
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", described(layers))
        file.writestr("model.weights.h5", packed.getvalue())
    return path
