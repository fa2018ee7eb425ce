"""Reads layers and weights of a Keras file without Keras, and without running anything that the file might hide.

Only names, plain settings and arrays of floats are read, and only after their sizes were looked at; a layer of another
kind than the few below (a lambda, a layer of somebody's own) is refused. Knows no networks.
"""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, require

KINDS = ("InputLayer", "Conv2D", "Dropout", "Flatten", "Dense")
"""What donkeycar's pilots are made of."""
MOST_WEIGHTS = 50_000_000
"""In one array; sixty times donkeycar's largest."""
MOST_BYTES = 1_000_000_000
"""Of one member of a `.keras` file once it is unpacked."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class KerasLayer:
    """One layer.

    Attributes:
        name, kind: its name and its class.
        settings: what its class was made with.
        weights: its kernel and its bias, both in float32; None for a layer without.
    """

    name: str
    kind: str
    settings: Mapping[str, Any]
    weights: tuple[Floats, Floats] | None = None


def read_keras(path: Path) -> list[KerasLayer]:
    """Return the layers of a `.h5` or `.keras` file, in their order.

    Raises:
        CopycarError: no such file, damaged, or with layers other than `KINDS`.
    """
    if path.suffix not in (".h5", ".keras"):
        raise CopycarError(f"{path} is neither .h5 nor .keras", fix="name the pilot that donkeycar has trained")
    if not path.is_file():
        raise CopycarError(f"no pilot {path}", fix="check the path")
    try:
        return _read_h5(path) if path.suffix == ".h5" else _read_zip(path)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise CopycarError(f"{path} cannot be read as a Keras model", str(error), "bring back a whole copy") from error


def _read_h5(path: Path) -> list[KerasLayer]:
    with require("h5py", "keras").File(path, "r") as file:
        layers = _layers(json.loads(file.attrs["model_config"]))
        return [_with_weights(layer, _by_name(file["model_weights"], layer.name), file.filename) for layer in layers]


def _by_name(group: Any, name: str) -> list[Any]:
    """Return a layer's arrays, in the order that the file tells."""
    names = [text.decode() if isinstance(text, bytes) else str(text) for text in group[name].attrs["weight_names"]]
    return [group[name][text] for text in names]


def _read_zip(path: Path) -> list[KerasLayer]:
    with zipfile.ZipFile(path) as file:
        layers = _layers(json.loads(_member(file, "config.json")))
        weights = io.BytesIO(_member(file, "model.weights.h5"))
    with require("h5py", "keras").File(weights, "r") as file:
        groups = file["layers"] if "layers" in file else file["_layer_checkpoint_dependencies"]
        return [
            _with_weights(layer, _numbered(groups[place]["vars"]), file.filename) if place in groups else layer
            for layer, place in zip(layers, _places(layers, set(groups)), strict=True)
        ]


def _member(file: zipfile.ZipFile, name: str) -> bytes:
    if file.getinfo(name).file_size > MOST_BYTES:
        raise ValueError(f"{name} is {file.getinfo(name).file_size} bytes long")
    return file.read(name)


def _places(layers: list[KerasLayer], groups: set[str]) -> list[str]:
    """Return each layer's group: its name, or its class with a number from the second on (most versions of Keras)."""
    weighed = [layer.name for layer in layers if layer.kind in ("Conv2D", "Dense")]
    if groups.issuperset(weighed):
        return [layer.name for layer in layers]
    counts, places = Counter[str](), []
    for layer in layers:
        kind = layer.kind.lower()
        places.append(f"{kind}_{counts[kind]}" if counts[kind] else kind)
        counts[kind] += 1
    return places


def _numbered(variables: Any) -> list[Any]:
    return [variables[str(number)] for number in range(len(variables))]


def _layers(described: Any) -> list[KerasLayer]:
    layers = [
        KerasLayer(str(layer["config"]["name"]), str(layer["class_name"]), layer["config"])
        for layer in described["config"]["layers"]
    ]
    for layer in layers:
        if layer.kind not in KINDS:
            raise CopycarError(
                f"the Keras model has the layer {layer.name} of kind {layer.kind}",
                f"copycar reads {', '.join(KINDS)}, and runs no code that a file brings",
                "import donkeycar's linear or categorical pilot, or train one on the same tubs",
            )
    return layers


def _with_weights(layer: KerasLayer, arrays: list[Any], filename: str) -> KerasLayer:
    if not arrays:
        return layer
    kernel, bias = (_array(layer.name, array, filename) for array in arrays)
    return replace(layer, weights=(kernel, bias))


def _array(name: str, dataset: Any, filename: str) -> Floats:
    """Return an array of floats that lies in the file itself."""
    if dataset.file.filename != filename or dataset.external or dataset.is_virtual:
        raise ValueError(f"the weights of {name} lie in another file")
    if dataset.dtype != np.float32 or dataset.size > MOST_WEIGHTS:
        raise ValueError(f"the weights of {name} are {dataset.dtype} of shape {dataset.shape}")
    values: Floats = dataset[()]
    if not np.isfinite(values).all():
        raise ValueError(f"the weights of {name} are not all numbers")
    return values
