"""A TensorRT engine, for NVIDIA's Jetson boards: built by NVIDIA's own `trtexec`, on the board that will drive."""

import shlex
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError, require
from copycar.learning.export.compare import Precision
from copycar.learning.export.target import Order, Target
from copycar.learning.export.targets.onnx import TARGET as ONNX

FLAGS: dict[Precision, tuple[str, ...]] = {"fp32": (), "fp16": ("--fp16",), "int8": ("--int8", "--fp16")}
"""Of trtexec; an int8 model carries its own scales."""
JETPACK = "/usr/src/tensorrt/bin"
"""Where JetPack puts trtexec, which is not on its PATH."""


def _write(order: Order, path: Path) -> None:
    program = shutil.which("trtexec") or shutil.which("trtexec", path=JETPACK)
    if program is None:
        model = order.out.with_name(f"{order.out.stem}-for-trtexec.onnx")
        _write_model(order, model)
        raise CopycarError(
            "trtexec is not on this machine, and an engine must be built on the board that drives",
            f"{model} is ready to be built from",
            f"copy it to the Jetson and run there: {_command(order, f'{JETPACK}/trtexec', model.name, order.out.name)}",
        )
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "policy.onnx"
        _write_model(order, model)
        command = _command(order, program, model, path)
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
    if done.returncode != 0 or not path.is_file():
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise CopycarError(f"{program} could not build {order.out}", " ".join(last), f"it ran: {command}")


def _command(order: Order, program: str, model: str | Path, engine: str | Path) -> str:
    return shlex.join([program, f"--onnx={model}", f"--saveEngine={engine}", *FLAGS[order.precision]])


def _write_model(order: Order, path: Path) -> None:
    """Write what trtexec reads; it makes float16 of float32 itself."""
    precision: Precision = "int8" if order.precision == "int8" else "fp32"
    ONNX.write(replace(order, precision=precision), path)
    onnx = require("onnx", "train")
    model = onnx.load(path)
    _cast_first(model.graph)
    onnx.save(model, path)


def _cast_first(graph: Any) -> None:
    """Let the raw frame be cast before it is transposed: TensorRT does nothing with uint8 but cast it."""
    for first, second in zip(graph.node, graph.node[1:], strict=False):
        if (first.op_type, second.op_type, first.input[0]) != ("Transpose", "Cast", "image"):
            continue
        first.op_type, second.op_type = "Cast", "Transpose"
        axes, kind = list(first.attribute), list(second.attribute)
        del first.attribute[:], second.attribute[:]
        first.attribute.extend(kind)
        second.attribute.extend(axes)
        between = [value for value in graph.value_info if value.name == first.output[0]]
        for value in between:  # what it said of type and shape is no longer so
            graph.value_info.remove(value)


def _how_to_drive(order: Order, path: Path) -> str:
    del order
    return f"an engine for this board only; see docs/export.md for driving with {path}"


TARGET = Target(
    suffixes=(".engine", ".trt"),
    precisions=("fp32", "fp16", "int8"),
    donkeycar_precisions=(),  # donkeycar's own .trt is a TensorFlow folder
    write=_write,
    load=None,
    how_to_drive=_how_to_drive,
)
