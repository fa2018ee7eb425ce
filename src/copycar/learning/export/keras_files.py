"""A Keras model as the two files that hold one, `.keras` and `.h5`. Knows no networks; needs no Keras.

Written in the words that Keras 2.12 … 2.15 (donkeycar up to 5.3) and Keras 3 have in common: each layer names its
class, its settings and the layers that it reads; the weights lie in HDF5.
"""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from copycar.core.errors import require
from copycar.learning.export.builder import Floats

KERAS_VERSION = "2.15.0"
"""Whose configuration this is; newer versions read it too."""


@dataclass
class KerasModel:
    """The parts of a model.

    Attributes:
        layers: their descriptions, in running order.
        weights: kernel and bias of those that have some, by layer name.
        inputs, outputs: names of layers.
    """

    layers: list[dict[str, Any]] = field(default_factory=list)
    weights: dict[str, list[Floats]] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)

    def rename(self, layer: str, name: str) -> None:
        """Give a layer another name, wherever it is read."""
        for described in self.layers:
            if described["name"] == layer:
                described["name"] = described["config"]["name"] = name
            for read in (read for reads in described["inbound_nodes"] for read in reads):
                read[0] = name if read[0] == layer else read[0]
        if layer in self.weights:
            self.weights[name] = self.weights.pop(layer)

    def describe(self, layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the model's settings, with its layers as they are given."""
        return {
            "name": "copycar",
            "trainable": True,
            "layers": list(layers),
            "input_layers": [[name, 0, 0] for name in self.inputs],
            "output_layers": [[name, 0, 0] for name in self.outputs],
        }

    def in_keras_order(self) -> list[dict[str, Any]]:
        """Return the layers as Keras lists them, which is how it numbers them in weight files.

        First those furthest from an output; at one distance, those first that are met first on the way up from the
        outputs (`map_graph` in Keras' `ops/function.py`).
        """
        by_name = {layer["name"]: layer for layer in self.layers}
        reads = {name: _reads(layer) for name, layer in by_name.items()}
        distance: dict[str, int] = {}
        for name in reversed(reads):  # readers come later than what they read
            distance.setdefault(name, 0)
            for earlier in reads[name]:
                distance[earlier] = max(distance.get(earlier, 0), distance[name] + 1)
        met: list[str] = []
        waiting = list(reversed(self.outputs))
        while waiting:
            name = waiting.pop()
            if name not in met:
                met.append(name)
                waiting += reversed(reads[name])
        return [by_name[name] for name in sorted(met, key=lambda name: (-distance[name], met.index(name)))]


def _reads(layer: Mapping[str, Any]) -> list[str]:
    return [read[0] for reads in layer["inbound_nodes"] for read in reads]


def as_keras(model: KerasModel, metadata: Mapping[str, str]) -> bytes:
    """Return the zip file of Keras 3 and of Keras 2 from 2.12 on."""
    origin = {"registered_name": None, "module": "keras.layers"}
    config = model.describe([layer | origin for layer in model.layers])
    described = {"module": "keras", "class_name": "Model", "registered_name": None, "config": config}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("metadata.json", json.dumps({"keras_version": KERAS_VERSION, **metadata}))
        file.writestr("config.json", json.dumps(described))
        file.writestr("model.weights.h5", _weights_by_class(model))
    return packed.getvalue()


def as_h5(model: KerasModel, metadata: Mapping[str, str]) -> bytes:
    """Return the HDF5 file of every Keras from 2 on."""
    h5py = require("h5py", "keras")
    origin = {"keras_version": KERAS_VERSION, "backend": "tensorflow"}
    described = {"class_name": "Functional", "config": model.describe(model.layers)}
    packed, layers = io.BytesIO(), model.in_keras_order()
    with h5py.File(packed, "w") as file:
        file.attrs.update({**origin, **metadata, "model_config": json.dumps(described)})
        group = file.create_group("model_weights")
        group.attrs.update({**origin, "layer_names": [layer["name"].encode() for layer in layers]})
        for layer in layers:
            _write_layer(group.create_group(layer["name"]), layer["name"], model.weights.get(layer["name"], []))
    return packed.getvalue()


def _write_layer(group: Any, name: str, weights: Sequence[Floats]) -> None:
    names = [f"{name}/{part}:0" for part in ("kernel", "bias")][: len(weights)]
    group.attrs["weight_names"] = [text.encode() for text in names]
    for text, array in zip(names, weights, strict=True):
        group[text] = array


def _weights_by_class(model: KerasModel) -> bytes:
    """Return the weights file of the zip: Keras numbers layers within their class, and the first has no number."""
    h5py = require("h5py", "keras")
    packed, counts = io.BytesIO(), Counter[str]()
    with h5py.File(packed, "w") as file:
        file.create_group("vars")  # the model's own: it has none, but Keras 2 looks here
        for layer in model.in_keras_order():
            if layer["name"] not in model.weights:
                continue
            kind = layer["class_name"].lower()
            group = file.create_group(f"layers/{kind}_{counts[kind]}" if counts[kind] else f"layers/{kind}")
            for number, array in enumerate(model.weights[layer["name"]]):
                group[f"vars/{number}"] = array
            counts[kind] += 1
    return packed.getvalue()
