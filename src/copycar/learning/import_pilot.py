"""From a donkeycar pilot's Keras file to a run that drives alike. Knows donkeycar's two plainest networks."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from copycar import __version__
from copycar.core.errors import CopycarError, did_you_mean
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.batches import ACTION, IMAGE, Batch
from copycar.learning.export.onnx import export_onnx
from copycar.learning.keras_weights import Floats, KerasLayer, read_keras
from copycar.learning.policies.network import NETWORKS, DrivingNetwork, Given
from copycar.learning.run import Run, now_utc
from copycar.learning.settings import TrainSettings
from copycar.learning.weights import save_state

HEADS = {"linear": ("n_outputs0", "n_outputs1"), "categorical": ("angle_out", "throttle_out")}
"""The output layers of donkeycar's pilots, steering first; they tell the type."""
TRUNK = ("conv2d_1", "conv2d_2", "conv2d_3", "conv2d_4", "conv2d_5", "dense_1", "dense_2")
"""The layers with weights in front of them."""
ACTIVATIONS = {"linear": "linear", "categorical": "softmax"}
"""Of the output layers."""
THROTTLE_RANGE = 0.8
"""donkeycar's default MODEL_CATEGORICAL_MAX_THROTTLE_RANGE."""
MOST_PIXELS = 4096
"""Of a picture's height or width: more is no camera's."""
N_PARITY_FRAMES = 16


@dataclass(frozen=True)
class Imported:
    """What an import gave.

    Attributes:
        run: its folder.
        type: which network it is.
        options: of the network.
        parity_max: largest difference between the network and the policy file, on random pictures.
    """

    run: Run
    type: str
    options: Mapping[str, Any]
    parity_max: float

    def as_json(self) -> dict[str, Any]:
        """Return the result as `copycar import-weights --json` prints it."""
        return {
            "run": str(self.run.folder),
            "policy": str(self.run.policy),
            "type": self.type,
            "options": dict(self.options),
            "parity_max": self.parity_max,
        }


def import_pilot(
    pilot: Path, out: Path | None, *, kind: str | None = None, throttle_range: float = THROTTLE_RANGE, command: str = ""
) -> Imported:
    """Make a run of a donkeycar pilot.

    Args:
        pilot: a `.h5` or `.keras` file of donkeycar's `linear` or `categorical`.
        out: folder of the run; default `runs/<date>-<time>-<type>`.
        kind: what the file must hold; by default its output layers tell.
        throttle_range: of a categorical pilot, its car's MODEL_CATEGORICAL_MAX_THROTTLE_RANGE: files do not tell.
        command: what the user typed, kept in the run.

    Raises:
        CopycarError: the file cannot be read, or holds another network.
    """
    layers = {layer.name: layer for layer in read_keras(pilot)}
    found = _kind(layers, pilot)
    if kind not in (None, found):
        raise CopycarError(f"{pilot} is a {found} pilot, not {kind}", fix=did_you_mean(str(kind), HEADS))
    options = _options(found, throttle_range)
    network = NETWORKS.get(found)(Given(_image_size(layers, pilot)), **options)
    _fill(network, layers, found, pilot)
    run = Run.create(out, found)
    described = {"command": command, "network": found, "imported": _origin(pilot), "started": now_utc()}
    run.update(
        **described, settings=TrainSettings(type=found, network=options).model_dump(), tubs=[], state="importing"
    )
    parity = export_onnx(network, run.policy, _card(network, found, run), _examples(network.pipeline.image_size))
    save_state(run.best, network.state_dict())
    imported = Imported(run, found, options, parity)
    run.update(state="done", finished=now_utc(), result=imported.as_json())
    return imported


def _kind(layers: Mapping[str, KerasLayer], pilot: Path) -> str:
    found = [kind for kind, heads in HEADS.items() if set(heads) <= layers.keys()]
    unknown = layers.keys() - {*TRUNK, *(head for kind in found for head in HEADS[kind])}
    others = [name for name in unknown if layers[name].weights is not None]
    if not found or others or not set(TRUNK) <= layers.keys():
        raise CopycarError(
            f"{pilot} is neither donkeycar's linear nor its categorical pilot",
            f"its layers are {', '.join(layers)}",
            "train another one on the same tubs: copycar train TUB",
        )
    return found[0]


def _options(kind: str, throttle_range: float) -> dict[str, Any]:
    """Return the options that make our network decide as donkeycar does.

    Its twenty throttle bins are 0 … 19/20 of the range (`utils.linear_unbin`), and it takes the highest.
    """
    if kind == "linear":
        return {}
    return {"least_throttle": 0.0, "most_throttle": round(throttle_range * 19 / 20, 6), "decide": "highest"}


def _image_size(layers: Mapping[str, KerasLayer], pilot: Path) -> tuple[int, int]:
    given = [layer.settings for layer in layers.values() if layer.kind == "InputLayer"]
    shapes = [settings.get("batch_input_shape") or settings.get("batch_shape") for settings in given]
    match shapes:
        case [[_, int(height), int(width), 3]] if 0 < height <= MOST_PIXELS and 0 < width <= MOST_PIXELS:
            return height, width
    raise CopycarError(f"{pilot} takes {shapes}", "copycar's networks take one picture of height x width x 3")


def _fill(network: DrivingNetwork, layers: Mapping[str, KerasLayer], kind: str, pilot: Path) -> None:
    """Put the weights into our network, layer by layer."""
    ours = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    heads = [layers[name] for name in HEADS[kind]]
    theirs = [*(layers[name] for name in TRUNK), *([_joined(heads)] if kind == "linear" else heads)]
    flattened = _last_picture(network)
    for mine, yours in zip(ours, theirs, strict=True):
        activation = "relu" if yours.name in TRUNK else ACTIVATIONS[kind]
        found = _in_torch_order(mine, yours, flattened if yours.name == "dense_1" else None)
        if found is None or yours.settings.get("activation") != activation:
            raise CopycarError(
                f"{pilot} is no {kind} pilot of donkeycar: its layer {yours.name} is another one",
                f"{dict(yours.settings)!r:.200}",
                "train one of this shape on the same tubs: copycar train TUB",
            )
        state = zip(("weight", "bias"), map(torch.from_numpy, found), strict=True)
        mine.load_state_dict(dict(state))


def _in_torch_order(
    mine: nn.Conv2d | nn.Linear, yours: KerasLayer, flattened: tuple[int, ...] | None
) -> tuple[Floats, Floats] | None:
    """Return a layer's weights and bias as torch has them; None where they do not fit.

    Args:
        mine: the layer to fill.
        yours: the layer to take from.
        flattened: (C, H, W) where its inputs are a flattened picture: Keras flattens it as (H, W, C).
    """
    if yours.weights is None:
        return None
    kernel, bias = yours.weights
    weights: Floats | None = kernel.T
    if isinstance(mine, nn.Conv2d):
        is_alike = (yours.settings.get("strides"), yours.settings.get("padding")) == (list(mine.stride), "valid")
        weights = kernel.transpose(3, 2, 0, 1) if kernel.ndim == 4 and is_alike else None  # (kh, kw, I, O)
    elif flattened is not None and kernel.shape == (math.prod(flattened), mine.out_features):
        channels, height, width = flattened
        weights = kernel.reshape(height, width, channels, -1).transpose(3, 2, 0, 1).reshape(mine.out_features, -1)
    if weights is None or weights.shape != tuple(mine.weight.shape) or bias.shape != weights.shape[:1]:
        return None
    return np.ascontiguousarray(weights), bias


def _joined(heads: Sequence[KerasLayer]) -> KerasLayer:
    """Return donkeycar's two heads of one number each as our one head of two."""
    found = [head.weights for head in heads if head.weights is not None]
    if len(found) < 2 or len({kernel.shape for kernel, _ in found}) > 1:
        return replace(heads[0], weights=None)
    kernels, biases = zip(*found, strict=True)
    return replace(heads[0], weights=(np.concatenate(kernels, axis=-1), np.concatenate(biases)))


def _last_picture(network: DrivingNetwork) -> tuple[int, ...]:
    """Return (C, H, W) of what the convolutions leave, before it is flattened."""
    height, width = network.pipeline.output_size
    convolutions = network.convolutions
    assert isinstance(convolutions, nn.Sequential)
    with torch.inference_mode():
        return tuple(convolutions[:-1].eval()(torch.zeros(1, 3, height, width)).shape[1:])


def _examples(image_size: tuple[int, int]) -> Batch:
    """Return random pictures: the file only has to compute what the network does."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (N_PARITY_FRAMES, *image_size, 3), dtype=torch.uint8, generator=generator)
    return Batch({IMAGE: images}, {ACTION: torch.zeros(N_PARITY_FRAMES, 2)})


def _card(network: DrivingNetwork, kind: str, run: Run) -> PolicyMetadata:
    return PolicyMetadata(
        kind, network.pipeline.image_size, copycar_version=__version__, run=run.folder.name, created=now_utc()
    )


def _origin(pilot: Path) -> dict[str, str]:
    return {"file": str(pilot.resolve()), "sha256": hashlib.sha256(pilot.read_bytes()).hexdigest()}
