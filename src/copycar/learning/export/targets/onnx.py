"""`.onnx` again, smaller or quicker: still a copycar policy, which every verb takes."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError, require
from copycar.core.frame import Observation
from copycar.driving.runtime.metadata import KEY
from copycar.driving.runtime.policy import Policy
from copycar.learning.export.builder import SMALLEST_DENSE
from copycar.learning.export.compare import Act, Precision
from copycar.learning.export.target import Order, Target


def _write(order: Order, path: Path) -> None:
    onnx = require("onnx", "train")
    write: dict[Precision, Any] = {"fp32": onnx.load, "fp16": _halved, "int8": _rounded(order)}
    model = write[order.precision](order.policy)
    onnx.helper.set_model_props(model, {KEY: order.card})
    path.write_bytes(model.SerializeToString())


def _halved(policy: Path) -> Any:
    """Return the model with float16 weights; frames and actions stay as they are."""
    onnx = require("onnx", "train")
    convert = require("onnxruntime.transformers.float16", "train").convert_float_to_float16
    with _quiet():
        return convert(onnx.load(policy), keep_io_types=True)


def _rounded(order: Order) -> Any:
    def quantise(policy: Path) -> Any:
        """Return the model with int8 weights, one scale per channel, and uint8 activations.

        Weights get seven bits of the eight: processors without int8 dot products (AVX2) add pairs of products in 16
        bits, which would overflow silently.
        """
        if not order.frames.are_real:
            raise CopycarError(
                "int8 needs real frames, to see how large the numbers between layers get",
                "the tubs that this policy was trained on are not there",
                "name one like them: --calibrate TUB",
            )
        onnx, library = require("onnx", "train"), require("onnxruntime.quantization", "train")
        model = onnx.load(policy)
        with tempfile.TemporaryDirectory() as folder, _quiet():
            library.quantize_static(
                model,
                Path(folder) / "rounded.onnx",
                _Calibration(model, order.frames.calibrate),
                quant_format=library.QuantFormat.QDQ,
                per_channel=True,
                reduce_range=True,
                activation_type=library.QuantType.QUInt8,
                weight_type=library.QuantType.QInt8,
                op_types_to_quantize=["Conv", "Gemm", "Relu"],
                nodes_to_exclude=_small_dense_layers(model),
            )
            return onnx.load(Path(folder) / "rounded.onnx")

    return quantise


class _Calibration:
    """Hands observations to onnxruntime's quantiser, one by one; what a policy remembers is zeros."""

    def __init__(self, model: Any, observations: Sequence[Observation]) -> None:
        self._observations = iter(observations)
        self._shapes = {
            value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim] for value in model.graph.input
        }

    def get_next(self) -> dict[str, Any] | None:
        """Return the next inputs; None after the last."""
        seen = next(self._observations, None)
        if seen is None:
            return None
        return {
            name: np.asarray(seen[name]).reshape(shape) if name in seen else np.zeros(shape, np.float32)
            for name, shape in self._shapes.items()
        }


def _small_dense_layers(model: Any) -> list[str]:
    sizes = {tensor.name: tensor.dims[0] * tensor.dims[-1] for tensor in model.graph.initializer if tensor.dims}
    dense = [node for node in model.graph.node if node.op_type == "Gemm"]
    return [node.name for node in dense if sizes.get(node.input[1], 0) < SMALLEST_DENSE]


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the quantiser's advice on the root logger: the graph needs no preparation."""
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.ERROR)
    try:
        yield
    finally:
        logging.getLogger().setLevel(level)


def _load(order: Order, path: Path) -> Act:
    del order
    policy = Policy.load(path)
    return policy.act


def _how_to_drive(order: Order, path: Path) -> str:
    del order
    return f"copycar drive oval --driver {path}"


TARGET = Target(
    suffixes=(".onnx",),
    precisions=("fp32", "fp16", "int8"),
    donkeycar_precisions=(),
    write=_write,
    load=_load,
    how_to_drive=_how_to_drive,
)
