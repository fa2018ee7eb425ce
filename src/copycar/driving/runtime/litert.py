"""Runs a `.tflite` policy file with LiteRT, through the few methods that `Policy` uses of onnxruntime's session.

Knows nothing of how the file was made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError, require

SIGNATURE = "serving_default"
"""What TensorFlow calls the one entry of a model."""


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of the file, described as onnxruntime does.

    Attributes:
        name: its name.
        shape: its shape, the batch being 1.
        type: "tensor(uint8)" or "tensor(float)".
    """

    name: str
    shape: list[int]
    type: str


class LiteRtSession:
    """A loaded file.

    Args:
        path: the file.
        threads: CPU threads for one frame; 0 lets LiteRT choose.

    Attributes:
        properties: texts kept inside the file, by name.

    Raises:
        CopycarError: LiteRT is not installed, or cannot run the file.
    """

    def __init__(self, path: Path, threads: int) -> None:
        interpreter = require("ai_edge_litert.interpreter", "tflite").Interpreter
        try:
            self._interpreter = interpreter(model_path=str(path), num_threads=threads or None)
            self._run = self._interpreter.get_signature_runner(SIGNATURE)
            self._outputs = list(self._run.get_output_details())
        except (ValueError, RuntimeError) as error:
            raise CopycarError(f"{path} is not a .tflite file that LiteRT can run", str(error)) from error
        self.properties = _properties(path.read_bytes())

    def get_inputs(self) -> list[Port]:
        """Return what the file takes."""
        return [_port(name, details) for name, details in self._run.get_input_details().items()]

    def get_outputs(self) -> list[Port]:
        """Return what the file gives."""
        return [_port(name, details) for name, details in self._run.get_output_details().items()]

    def run(self, names: Sequence[str] | None, feeds: Mapping[str, Any]) -> list[Any]:
        """Return the named outputs, or all in the order of `get_outputs`, as arrays."""
        found = self._run(**feeds)
        return [found[name] for name in (names or self._outputs)]


def _port(name: str, details: Mapping[str, Any]) -> Port:
    is_float = details["dtype"].__name__ == "float32"
    return Port(name, details["shape"].tolist(), "tensor(float)" if is_float else "tensor(uint8)")


def _properties(data: bytes) -> dict[str, str]:
    """Return the texts in a file's metadata buffers."""
    schema = require("ai_edge_litert.schema_py_generated", "tflite")
    model = schema.Model.GetRootAs(data, 0)
    entries = [model.Metadata(number) for number in range(model.MetadataLength())]
    return {
        entry.Name().decode(): model.Buffers(entry.Buffer()).DataAsNumpy().tobytes().decode(errors="replace")
        for entry in entries
        if model.Buffers(entry.Buffer()).DataLength()
    }
