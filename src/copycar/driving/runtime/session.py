"""Opens a policy file with the runtime that its name asks for: onnxruntime, or LiteRT for `.tflite`.

Knows nothing of what the file's inputs mean.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnxruntime

from copycar.core.errors import CopycarError
from copycar.driving.runtime.litert import LiteRtSession


def open_session(path: Path, threads: int) -> tuple[Any, Mapping[str, str]]:
    """Return a session (`get_inputs`, `get_outputs`, `run`, as onnxruntime has them) and the file's own texts by name.

    Args:
        path: a `.onnx` or `.tflite` file.
        threads: CPU threads for one frame; 0 lets the runtime choose.

    Raises:
        CopycarError: the runtime is not installed, or cannot run the file.
    """
    if path.suffix == ".tflite":
        session = LiteRtSession(path, threads)
        return session, session.properties
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # threads that wait busily between frames would take four times the processor time of the network itself
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only: a car's terminal is for driving
    try:
        running = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise CopycarError(f"{path} is not an ONNX file that onnxruntime can run", str(error)) from error
    return running, running.get_modelmeta().custom_metadata_map
