"""`.tflite`: for LiteRT on phones and small boards, and for donkeycar's `tflite_linear` pilot."""

from pathlib import Path

import numpy as np

from copycar.core.errors import require
from copycar.core.frame import Observation
from copycar.driving.runtime.litert import SIGNATURE
from copycar.driving.runtime.metadata import KEY
from copycar.driving.runtime.policy import Policy
from copycar.learning.export.compare import Act
from copycar.learning.export.ends import DONKEYCAR
from copycar.learning.export.graph import read_graph
from copycar.learning.export.target import Order, Target
from copycar.learning.export.tflite import TFLiteBuilder
from copycar.learning.export.walk import walk

KEY_FOR_DONKEYCAR = "copycar-for-donkeycar"
"""Under which a donkeycar file keeps its card: `Policy` must not take it, since it wants its pictures scaled."""


def _write(order: Order, path: Path) -> None:
    builder = TFLiteBuilder(order.precision)
    walk(read_graph(order.policy), builder, order.ends)
    key = KEY_FOR_DONKEYCAR if order.is_for_donkeycar else KEY
    path.write_bytes(builder.file.finish({key: order.card}))


def _load(order: Order, path: Path) -> Act:
    return _as_donkeycar(path) if order.is_for_donkeycar else Policy.load(path).act


def _as_donkeycar(path: Path) -> Act:
    """Return what hands frames over as donkeycar's interpreter does: scaled in double precision, then float32."""
    interpreter = require("ai_edge_litert.interpreter", "tflite").Interpreter(model_path=str(path), num_threads=1)
    run = interpreter.get_signature_runner(SIGNATURE)
    steering, throttle = (DONKEYCAR.names[name] for name in ("steering", "throttle"))

    def act(seen: Observation) -> tuple[float, float]:
        found = run(**{DONKEYCAR.image: (seen["image"][None] * (1 / 255)).astype(np.float32)})
        return float(found[steering][0, 0]), float(found[throttle][0, 0])

    return act


def _how_to_drive(order: Order, path: Path) -> str:
    if order.is_for_donkeycar:
        return f"python manage.py drive --type tflite_linear --model {path}"
    return f'copycar drive oval --driver {path}   (needs pip install "copycar[tflite]")'


TARGET = Target(
    suffixes=(".tflite",),
    precisions=("fp32", "fp16", "int8"),
    donkeycar_precisions=("fp32", "fp16"),  # older runtimes refuse our int8 layers, or would compute them wrongly
    write=_write,
    load=_load,
    how_to_drive=_how_to_drive,
)
