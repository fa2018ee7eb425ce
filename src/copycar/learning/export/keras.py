"""Describes a policy as a Keras model, layer by layer, without Keras. Knows nothing of ONNX, and not how files look.

Layers have the names that donkeycar gives those of its own networks.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from copycar.learning.export.builder import Activation, Floats, Sum, Window, cannot_write
from copycar.learning.export.graph import Array, Shape
from copycar.learning.export.keras_files import KerasModel

CROPPING = {3: "Cropping1D", 4: "Cropping2D", 5: "Cropping3D"}
"""By number of axes: each cuts the axes between the first and the last."""
NAMES = {"Conv2D": "conv2d", "Dense": "dense"}
"""How donkeycar calls its layers, with a number from 1."""


@dataclass(frozen=True)
class Value:
    """What a layer gives.

    Attributes:
        layer: its name.
        shape: with the batch, 1, in front.
    """

    layer: str
    shape: Shape


class KerasBuilder:
    """Collects layers and their weights.

    Args:
        is_clipped: whether actions are kept in [-1, 1]; donkeycar's own pilots leave that to its motors.

    Attributes:
        model: what was collected.
    """

    format = "a Keras model"

    def __init__(self, *, is_clipped: bool) -> None:
        self.model = KerasModel()
        self._is_clipped = is_clipped
        self._counts: Counter[str] = Counter()

    def input(self, name: str, shape: Shape, kind: np.dtype[Any]) -> Value:
        """Declare an input; it takes floats, whatever the camera gives."""
        del kind
        config = {"batch_input_shape": [None, *shape[1:]], "dtype": "float32", "sparse": False, "ragged": False}
        self.model.inputs.append(name)
        return self._add("InputLayer", [], shape, config, name)

    def output(self, name: str, value: Value) -> None:
        """Declare an output: the layer that gives it takes its name."""
        if value.layer in (*self.model.inputs, *self.model.outputs):
            value = self._add("Activation", [value], value.shape, {"activation": "linear"})
        self.model.rename(value.layer, name)
        self.model.outputs.append(name)

    def as_float(self, value: Value) -> Value:
        """Return it: every value is a float."""
        return value

    def transpose(self, value: Value, axes: tuple[int, ...]) -> Value:
        """Append a permutation."""
        if axes[0] != 0:
            raise cannot_write("Transpose", self.format, "it moves the batch")
        shape = tuple(value.shape[axis] for axis in axes)
        return self._add("Permute", [value], shape, {"dims": list(axes[1:])})

    def reshape(self, value: Value, shape: Shape) -> Value:
        """Append a new shape. One number per frame stays a column: Keras has no smaller shape."""
        shape = shape if len(shape) > 1 else (1, *shape)
        if shape == value.shape:
            return value
        if len(shape) == 2:
            return self._add("Flatten", [value], shape, {"data_format": "channels_last"}, "flattened")
        return self._add("Reshape", [value], shape, {"target_shape": list(shape[1:])})

    def cut(self, value: Value, begin: Shape, size: Shape) -> Value:
        """Append a cropping."""
        kind = CROPPING.get(len(size))
        if kind is None or begin[-1] != 0 or size[-1] != value.shape[-1]:
            raise cannot_write("Slice", self.format, "Keras cuts neither the last axis nor flat values")
        margins = [
            [first, whole - first - kept]
            for first, kept, whole in zip(begin[1:-1], size[1:-1], value.shape[1:-1], strict=True)
        ]
        cropping = margins[0] if kind == "Cropping1D" else margins
        shared = {} if kind == "Cropping1D" else {"data_format": "channels_last"}
        return self._add(kind, [value], size, {"cropping": cropping, **shared})

    def pad(self, value: Value, above: int, below: int, left: int, right: int) -> Value:
        """Append zeros around a picture."""
        _, height, width, channels = value.shape
        shape = (1, height + above + below, width + left + right, channels)
        config = {"padding": [[above, below], [left, right]], "data_format": "channels_last"}
        return self._add("ZeroPadding2D", [value], shape, config)

    def join(self, values: list[Value], axis: int) -> Value:
        """Append a concatenation."""
        shape = list(values[0].shape)
        shape[axis] = sum(value.shape[axis] for value in values)
        return self._add("Concatenate", values, tuple(shape), {"axis": axis})

    def convolution(self, value: Value, weights: Floats, bias: Floats, window: Window, activation: str | None) -> Value:
        """Append a convolution."""
        config = {
            **_windowed(window),
            "filters": len(weights),
            "kernel_size": list(window.size),
            "activation": activation or "linear",
            "use_bias": True,
        }
        shape = (1, *window.size_after(value.shape), len(weights))
        kernel = weights.transpose(1, 2, 3, 0)  # (kh, kw, I, O)
        return self._add("Conv2D", [value], shape, config, weights=[kernel, bias])

    def dense(self, value: Value, weights: Floats, bias: Floats, activation: str | None) -> Value:
        """Append a dense layer."""
        config = {"units": len(weights), "activation": activation or "linear", "use_bias": True}
        return self._add("Dense", [value], (1, len(weights)), config, weights=[weights.T, bias])

    def pool(self, value: Value, kind: Literal["max", "mean"], window: Window) -> Value:
        """Append a pool."""
        layer = {"max": "MaxPooling2D", "mean": "AveragePooling2D"}[kind]
        shape = (1, *window.size_after(value.shape), value.shape[3])
        return self._add(layer, [value], shape, {**_windowed(window), "pool_size": list(window.size)})

    def resize(self, value: Value, size: tuple[int, int]) -> Value:
        """Append a bilinear resize."""
        config = {"height": size[0], "width": size[1], "interpolation": "bilinear", "crop_to_aspect_ratio": False}
        return self._add("Resizing", [value], (1, *size, value.shape[3]), config)

    def softmax(self, value: Value) -> Value:
        """Append a softmax."""
        return self._add("Softmax", [value], value.shape, {"axis": -1})

    def activation(self, value: Value, kind: Activation) -> Value:
        """Append an activation of its own; the size of a number is what ReLU leaves of it, and of its opposite."""
        if kind != "abs":
            return self._add("Activation", [value], value.shape, {"activation": kind})
        opposite = self.activation(self.rescale(value, -1.0, 0.0), "relu")
        return self.combine("add", self.activation(value, "relu"), opposite)

    def clip(self, value: Value, lowest: float | None, highest: float | None) -> Value:
        """Append two limits; Keras has one that begins at 0, so the numbers are moved there and back."""
        if lowest is None or highest is None:
            raise cannot_write("Clip", self.format, "it has one limit only")
        if (lowest, highest) == (-1.0, 1.0) and not self._is_clipped:
            return value
        above = self.rescale(value, 1.0, -lowest)
        kept = self._add("ReLU", [above], value.shape, {"max_value": highest - lowest})
        return self.rescale(kept, 1.0, lowest)

    def likeliest(self, value: Value, table: Floats) -> Value:
        """Refuse: Keras has no layer for it."""
        raise cannot_write("ArgMax", self.format, "a decision for the likeliest bin has no layer in Keras")

    def mean(self, value: Value) -> Value:
        """Append a mean over height and width."""
        return self._add("GlobalAveragePooling2D", [value], (1, value.shape[3]), {"data_format": "channels_last"})

    def by_own_mean(self, value: Value, smallest: float) -> Value:
        """Append a layer normalisation of the flattened picture, without anything learned.

        Not over three axes: Keras 3.15 reads those of an `.h5` file as the last one alone.
        """
        config = {"axis": -1, "epsilon": smallest**2, "center": False, "scale": False}
        count = math.prod(value.shape)
        flat = self._add("Reshape", [value], (1, count), {"target_shape": [count]})
        return self.reshape(self._add("LayerNormalization", [flat], flat.shape, config), value.shape)

    def rescale(self, value: Value, scale: float, offset: float) -> Value:
        """Append a scaling."""
        return self._add("Rescaling", [value], value.shape, {"scale": scale, "offset": offset})

    def combine(self, kind: Sum, value: Value, other: Value | Array) -> Value:
        """Append an operation on two values, or with one number per channel."""
        if isinstance(other, Value):
            layer = {"add": "Add", "sub": "Subtract", "mul": "Multiply", "div": ""}[kind]
            if not layer:
                raise cannot_write("Div", self.format)
            return self._add(layer, [value, other], value.shape, {})
        if other.size != other.shape[-1]:
            raise cannot_write(kind.capitalize(), self.format, "its constants differ from pixel to pixel")
        numbers = other.ravel()
        if kind in ("add", "sub"):
            config: dict[str, Any] = {"scale": 1.0, "offset": (numbers if kind == "add" else -numbers).tolist()}
        else:
            config = {"scale": (numbers if kind == "mul" else 1 / numbers).tolist(), "offset": 0.0}
        return self._add("Rescaling", [value], value.shape, config)

    def _add(
        self,
        kind: str,
        inputs: Sequence[Value],
        shape: Shape,
        config: dict[str, Any],
        name: str = "",
        weights: list[Floats] | None = None,
    ) -> Value:
        self._counts[kind] += 1
        name = name or f"{NAMES.get(kind, kind.lower())}_{self._counts[kind]}"
        reads = [[[value.layer, 0, 0, {}] for value in inputs]] if inputs else []
        config = {"name": name, "trainable": True, "dtype": "float32", **config}
        if kind == "InputLayer":
            del config["trainable"]
        self.model.layers.append({"class_name": kind, "config": config, "name": name, "inbound_nodes": reads})
        if weights:
            self.model.weights[name] = weights
        return Value(name, shape)


def _windowed(window: Window) -> dict[str, Any]:
    return {"strides": list(window.stride), "padding": "valid", "data_format": "channels_last"}
