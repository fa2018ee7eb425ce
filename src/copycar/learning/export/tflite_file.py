"""A `.tflite` file in the making: tensors, operators, names. By the public schema, without TensorFlow.

Knows no networks and no layers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from copycar.core.errors import require
from copycar.driving.runtime.litert import SIGNATURE
from copycar.learning.export.graph import Array, Shape

FILE_IDENTIFIER = b"TFL3"


@dataclass(frozen=True)
class Tensor:
    """A value of the file.

    Attributes:
        number: its place among the tensors.
        shape: its shape.
        kind: its numpy type.
    """

    number: int
    shape: Shape
    kind: np.dtype[Any]


class TFLiteFile:
    """Collects what will be in the file.

    Attributes:
        schema: the generated classes of the public schema, which LiteRT brings along.
        inputs, outputs: tensor numbers by name, in order.
    """

    def __init__(self) -> None:
        self.schema: Any = require("ai_edge_litert.schema_py_generated", "tflite")
        self.inputs: dict[str, int] = {}
        self.outputs: dict[str, int] = {}
        self._graph = self.schema.SubGraphT()
        self._graph.tensors, self._graph.operators = [], []
        self._buffers = [self.schema.BufferT()]  # number 0 stands for "no data"
        self._codes: dict[tuple[int, int], int] = {}

    def finish(self, metadata: Mapping[str, str]) -> bytes:
        """Return the file.

        Args:
            metadata: texts kept inside, by name.
        """
        model = self.schema.ModelT()
        model.version, model.description = 3, "copycar"
        self._graph.inputs, self._graph.outputs = list(self.inputs.values()), list(self.outputs.values())
        model.subgraphs, model.operatorCodes = [self._graph], [self._code(*key) for key in self._codes]
        model.signatureDefs = [self._signature()]
        model.metadata = [self._metadata(name, text) for name, text in metadata.items()]
        model.buffers = self._buffers
        packer = require("flatbuffers", "tflite").Builder(1 << 20)
        packer.Finish(model.Pack(packer), file_identifier=FILE_IDENTIFIER)
        return bytes(packer.Output())

    def tensor(self, shape: Shape, kind: np.dtype[Any], name: str = "", buffer: int = 0) -> Tensor:
        """Add a tensor; buffer 0 means that it is computed."""
        made = self.schema.TensorT()
        made.shape, made.type, made.buffer = list(shape), self.type_of(kind), buffer
        made.name = name or f"value_{len(self._graph.tensors)}"
        self._graph.tensors.append(made)
        return Tensor(len(self._graph.tensors) - 1, shape, kind)

    def constant(self, values: Array, scales: Array | None = None) -> Tensor:
        """Add a tensor that is in the file.

        Args:
            values: its numbers.
            scales: of int8 numbers, one per place of the first axis: what 1 stands for.
        """
        tensor = self.tensor(values.shape, values.dtype, buffer=self._buffer(np.ascontiguousarray(values).tobytes()))
        if scales is not None:
            quantisation = self.schema.QuantizationParametersT()
            quantisation.scale, quantisation.zeroPoint = list(scales), [0] * len(scales)
            quantisation.quantizedDimension = 0
            self._graph.tensors[tensor.number].quantization = quantisation
        return tensor

    def operator(self, name: str, version: int, inputs: list[Tensor], output: Tensor, options: Any = None) -> Tensor:
        """Add an operator, by its name in the schema, and return its output.

        Args:
            name: such as "CONV_2D".
            version: of the operator; a runtime that does not know it refuses the file instead of computing nonsense.
            inputs: what it reads.
            output: what it makes.
            options: its settings, of the schema's `…OptionsT`.
        """
        made = self.schema.OperatorT()
        code = getattr(self.schema.BuiltinOperator, name), version
        made.opcodeIndex = self._codes.setdefault(code, len(self._codes))
        made.inputs, made.outputs = [tensor.number for tensor in inputs], [output.number]
        if options is not None:
            made.builtinOptions = options
            made.builtinOptionsType = getattr(self.schema.BuiltinOptions, type(options).__name__.removesuffix("T"))
        self._graph.operators.append(made)
        return output

    def type_of(self, kind: np.dtype[Any]) -> int:
        """Return the schema's number of a numpy type."""
        return int(getattr(self.schema.TensorType, kind.name.upper()))

    def _buffer(self, data: bytes) -> int:
        buffer = self.schema.BufferT()
        buffer.data = np.frombuffer(data, np.uint8)
        self._buffers.append(buffer)
        return len(self._buffers) - 1

    def _code(self, code: int, version: int) -> Any:
        made = self.schema.OperatorCodeT()
        made.builtinCode, made.version = code, version
        made.deprecatedBuiltinCode = min(code, 127)  # older runtimes look here first
        return made

    def _signature(self) -> Any:
        signature = self.schema.SignatureDefT()
        signature.signatureKey, signature.subgraphIndex = SIGNATURE, 0
        signature.inputs = [self._named(*item) for item in self.inputs.items()]
        signature.outputs = [self._named(*item) for item in self.outputs.items()]
        return signature

    def _named(self, name: str, number: int) -> Any:
        made = self.schema.TensorMapT()
        made.name, made.tensorIndex = name, number
        return made

    def _metadata(self, name: str, text: str) -> Any:
        made = self.schema.MetadataT()
        made.name, made.buffer = name, self._buffer(text.encode())
        return made
