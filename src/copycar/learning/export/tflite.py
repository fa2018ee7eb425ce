"""Writes a policy's layers as those of a `.tflite` file. Knows nothing of ONNX.

Versions of operators are those of TensorFlow's own converter (its `tools/versioning/op_version.cc`): LiteRT knows them
all, the older tflite-runtime of today's cars those of float32 and float16.
"""

from typing import Any, Literal

import numpy as np

from copycar.driving.runtime.litert import SIGNATURE
from copycar.learning.export.builder import SMALLEST_DENSE, Activation, Floats, Sum, Window
from copycar.learning.export.compare import Precision
from copycar.learning.export.graph import Array, Shape
from copycar.learning.export.tflite_file import Tensor, TFLiteFile

FLOAT = np.dtype(np.float32)
SMALLEST_CONVOLUTION = 1024
"""Convolutions of fewer weights stay in float32: it would save nothing (TensorFlow's converter does so too)."""


class TFLiteBuilder:
    """Collects tensors and operators.

    Args:
        precision: of the weights: float32, float16, or int8 with one scale per output channel. Activations stay float32
            between layers; the runtime rounds them to int8 itself in front of a layer with int8 weights.

    Attributes:
        file: what was collected.
    """

    format = ".tflite"

    def __init__(self, precision: Precision) -> None:
        self.file = TFLiteFile()
        self._schema, self._precision = self.file.schema, precision

    def input(self, name: str, shape: Shape, kind: np.dtype[Any]) -> Tensor:
        """Declare an input."""
        tensor = self.file.tensor(shape, kind, f"{SIGNATURE}_{name}:0")
        self.file.inputs[name] = tensor.number
        return tensor

    def output(self, name: str, value: Tensor) -> None:
        """Declare an output."""
        self.file.outputs[name] = value.number

    def as_float(self, value: Tensor) -> Tensor:
        """Append a cast where it is needed."""
        if value.kind == np.float32:
            return value
        options = self._schema.CastOptionsT()
        options.inDataType, options.outDataType = self.file.type_of(value.kind), self.file.type_of(FLOAT)
        return self._append("CAST", [value], value.shape, options)

    def transpose(self, value: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Append a transposition."""
        order = self._constant(np.array(axes, np.int32))
        version = 1 if len(axes) <= 4 else 4
        shape = tuple(value.shape[axis] for axis in axes)
        return self._append("TRANSPOSE", [value, order], shape, self._schema.TransposeOptionsT(), version)

    def reshape(self, value: Tensor, shape: Shape) -> Tensor:
        """Append a new shape."""
        if shape == value.shape:
            return value
        options = self._schema.ReshapeOptionsT()
        options.newShape = list(shape)
        return self._append("RESHAPE", [value, self._constant(np.array(shape, np.int32))], shape, options)

    def cut(self, value: Tensor, begin: Shape, size: Shape) -> Tensor:
        """Append a slice."""
        places = [self._constant(np.array(numbers, np.int32)) for numbers in (begin, size)]
        version = 1 if len(size) <= 4 else 5
        return self._append("SLICE", [value, *places], size, self._schema.SliceOptionsT(), version)

    def pad(self, value: Tensor, above: int, below: int, left: int, right: int) -> Tensor:
        """Append zeros around a picture."""
        zeros = self._constant(np.array([[0, 0], [above, below], [left, right], [0, 0]], np.int32))
        _, height, width, channels = value.shape
        shape = (1, height + above + below, width + left + right, channels)
        return self._append("PAD", [value, zeros], shape, self._schema.PadOptionsT())

    def join(self, values: list[Tensor], axis: int) -> Tensor:
        """Append a concatenation."""
        options = self._schema.ConcatenationOptionsT()
        options.axis = axis
        shape = list(values[0].shape)
        shape[axis] = sum(value.shape[axis] for value in values)
        return self._append("CONCATENATION", values, tuple(shape), options)

    def convolution(
        self, value: Tensor, weights: Floats, bias: Floats, window: Window, activation: str | None
    ) -> Tensor:
        """Append a convolution."""
        options = self._windowed(self._schema.Conv2DOptionsT(), window)
        options.dilationHFactor = options.dilationWFactor = 1
        options.fusedActivationFunction = self._fused(activation)
        shape = (1, *window.size_after(value.shape), len(weights))
        parts = [value, self._weights(weights, SMALLEST_CONVOLUTION), self._constant(bias)]
        return self._append("CONV_2D", parts, shape, options, 5 if parts[1].kind == np.int8 else 1)

    def dense(self, value: Tensor, weights: Floats, bias: Floats, activation: str | None) -> Tensor:
        """Append a fully connected layer."""
        options = self._schema.FullyConnectedOptionsT()
        options.fusedActivationFunction = self._fused(activation)
        parts = [value, self._weights(weights, SMALLEST_DENSE), self._constant(bias)]
        shape = (value.shape[0], len(weights))
        return self._append("FULLY_CONNECTED", parts, shape, options, 12 if parts[1].kind == np.int8 else 1)

    def pool(self, value: Tensor, kind: Literal["max", "mean"], window: Window) -> Tensor:
        """Append a pool."""
        options = self._windowed(self._schema.Pool2DOptionsT(), window)
        options.filterHeight, options.filterWidth = window.size
        shape = (1, *window.size_after(value.shape), value.shape[3])
        return self._append({"max": "MAX_POOL_2D", "mean": "AVERAGE_POOL_2D"}[kind], [value], shape, options)

    def resize(self, value: Tensor, size: tuple[int, int]) -> Tensor:
        """Append a bilinear resize."""
        options = self._schema.ResizeBilinearOptionsT()
        options.halfPixelCenters = True
        shape = (1, *size, value.shape[3])
        return self._append(
            "RESIZE_BILINEAR", [value, self._constant(np.array(size, np.int32))], shape, options, version=3
        )

    def softmax(self, value: Tensor) -> Tensor:
        """Append a softmax."""
        options = self._schema.SoftmaxOptionsT()
        options.beta = 1.0
        return self._append("SOFTMAX", [value], value.shape, options)

    def activation(self, value: Tensor, kind: Activation) -> Tensor:
        """Append an activation of its own."""
        operator = {"abs": "ABS", "relu": "RELU", "sigmoid": "LOGISTIC", "tanh": "TANH"}[kind]
        return self._append(operator, [value], value.shape)

    def clip(self, value: Tensor, lowest: float | None, highest: float | None) -> Tensor:
        """Append the limits that there are."""
        if (lowest, highest) == (-1.0, 1.0):
            return self._append("RELU_N1_TO_1", [value], value.shape)
        for operator, limit in (("MAXIMUM", lowest), ("MINIMUM", highest)):
            if limit is not None:
                other = self._constant(np.array(limit, np.float32))
                value = self._append(operator, [value, other], value.shape, self._schema.MaximumMinimumOptionsT())
        return value

    def likeliest(self, value: Tensor, table: Floats) -> Tensor:
        """Append a search for the largest number, and a look into the table."""
        options, axis = self._schema.ArgMaxOptionsT(), self._constant(np.array(1, np.int32))
        options.outputType = self.file.type_of(np.dtype(np.int32))
        place = self._append("ARG_MAX", [value, axis], (1,), options, kind=np.dtype(np.int32))
        return self._append("GATHER", [self._constant(table), place], (1,), self._schema.GatherOptionsT())

    def mean(self, value: Tensor) -> Tensor:
        """Append a mean over height and width."""
        axes = self._constant(np.array([1, 2], np.int32))
        return self._append("MEAN", [value, axes], (1, value.shape[3]), self._schema.ReducerOptionsT())

    def by_own_mean(self, value: Tensor, smallest: float) -> Tensor:
        """Append the arithmetic."""
        centred = self.combine("sub", value, self._mean_of_all(value))
        variance = self._mean_of_all(self.combine("mul", centred, centred))
        deviation = self._append("SQRT", [variance], variance.shape)
        return self.combine("div", centred, self.combine("add", deviation, np.array(smallest, np.float32)))

    def _mean_of_all(self, value: Tensor) -> Tensor:
        """Append a mean, axis by axis: the runtime adds one number after the other, and long sums lose digits."""
        options = self._schema.ReducerOptionsT()
        options.keepDims = True
        for axis in range(1, len(value.shape)):
            shape = (*value.shape[:axis], 1, *value.shape[axis + 1 :])
            value = self._append("MEAN", [value, self._constant(np.array([axis], np.int32))], shape, options)
        return value

    def rescale(self, value: Tensor, scale: float, offset: float) -> Tensor:
        """Append a multiplication and an addition, each where it changes anything."""
        if scale != 1.0:
            value = self.combine("mul", value, np.array(scale, np.float32))
        return value if offset == 0.0 else self.combine("add", value, np.array(offset, np.float32))

    def combine(self, kind: Sum, value: Tensor, other: Tensor | Array) -> Tensor:
        """Append an operation on two values."""
        second = other if isinstance(other, Tensor) else self._constant(other)
        shape = np.broadcast_shapes(value.shape, second.shape)
        options = getattr(self._schema, f"{kind.capitalize()}OptionsT")()
        return self._append(kind.upper(), [value, second], shape, options)

    def _windowed(self, options: Any, window: Window) -> Any:
        options.padding = self._schema.Padding.VALID
        options.strideH, options.strideW = window.stride
        return options

    def _fused(self, activation: str | None) -> int:
        kinds = self._schema.ActivationFunctionType
        return int(kinds.RELU if activation == "relu" else kinds.NONE)

    def _weights(self, weights: Floats, smallest: int) -> Tensor:
        if weights.size < smallest or self._precision == "fp32":
            return self._constant(weights)
        if self._precision == "int8":
            return self._rounded(weights)
        options = self._schema.DequantizeOptionsT()
        return self._append("DEQUANTIZE", [self._constant(weights.astype(np.float16))], weights.shape, options, 3)

    def _rounded(self, weights: Floats) -> Tensor:
        """Return int8 weights, symmetric, one scale per output channel (axis 0)."""
        largest = np.abs(weights).reshape(len(weights), -1).max(axis=1)
        scales = np.maximum(largest / 127, np.finfo(np.float32).tiny).astype(np.float32)
        per_channel = scales.reshape(-1, *[1] * (weights.ndim - 1))
        return self.file.constant(np.round(weights / per_channel).astype(np.int8), scales)

    def _constant(self, values: Array) -> Tensor:
        return self.file.constant(values)

    def _append(
        self,
        operator: str,
        inputs: list[Tensor],
        shape: Shape,
        options: Any = None,
        version: int = 1,
        kind: np.dtype[Any] = FLOAT,
    ) -> Tensor:
        return self.file.operator(operator, version, inputs, self.file.tensor(shape, kind), options)
