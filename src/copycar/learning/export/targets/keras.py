"""Keras models: `.h5` for donkeycar's `linear` pilot, `.keras` for Keras 3 and newer donkeycars."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from copycar.core.errors import require
from copycar.core.frame import Observation
from copycar.driving.runtime.metadata import KEY
from copycar.learning.export.compare import Act
from copycar.learning.export.graph import read_graph
from copycar.learning.export.keras import KerasBuilder
from copycar.learning.export.keras_files import as_h5, as_keras
from copycar.learning.export.target import Order, Target
from copycar.learning.export.walk import walk


def _write(order: Order, path: Path) -> None:
    builder = KerasBuilder(is_clipped=not order.is_for_donkeycar)
    walk(read_graph(order.policy), builder, order.ends)
    pack = as_h5 if path.suffix == ".h5" else as_keras
    path.write_bytes(pack(builder.model, {KEY: order.card}))


def _load(order: Order, path: Path) -> Act:
    """Return what lets Keras itself, on torch, read the file and compute."""
    with _keras_settings():
        keras = require("keras", "keras")
        model = keras.models.load_model(path, compile=False)
    names, scale = order.ends.names, np.float32(order.ends.brightest / 255)
    steering, throttle = (model.output_names.index(names.get(name, name)) for name in ("steering", "throttle"))

    @torch.no_grad()
    def act(seen: Observation) -> tuple[float, float]:
        inputs = {name: np.asarray(value, np.float32)[None] for name, value in seen.items() if name != "image"}
        answers = model({order.ends.image: seen["image"][None].astype(np.float32) * scale, **inputs})
        return float(answers[steering][0, 0]), float(answers[throttle][0, 0])

    return act


@contextmanager
def _keras_settings() -> Iterator[None]:
    """Let Keras compute with torch, and leave no settings file in the user's home."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(KERAS_BACKEND="torch", KERAS_HOME=folder)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _how_to_drive(order: Order, path: Path) -> str:
    if order.is_for_donkeycar:
        return f"python manage.py drive --type linear --model {path}"
    return f'keras.models.load_model("{path}", compile=False), with frames 0 … 255 as float32 (1, H, W, 3)'


TARGET = Target(
    suffixes=(".h5", ".keras"),
    precisions=("fp32",),
    donkeycar_precisions=("fp32",),
    write=_write,
    load=_load,
    how_to_drive=_how_to_drive,
)
