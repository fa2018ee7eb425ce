"""Runs *inside the peer's environment*: `donkey train` as its users call it, with a stopwatch on its epochs.

    .venv-peer/bin/python benchmarks/peer_train.py EVENTS.jsonl train --tub TUB --model models/pilot.savedmodel

Everything after the first argument is the peer's own command line. One JSON line per finished epoch is appended to
EVENTS. Knows nothing of copycar.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import tensorflow as tf


class Stopwatch(tf.keras.callbacks.Callback):
    """Times the training part and the whole of every epoch.

    Args:
        events: file that gets one JSON line per epoch.
        batch_size: images per step; the peer's pipeline repeats, so every step is full.
    """

    def __init__(self, events: Path, batch_size: int) -> None:
        super().__init__()
        self.events, self.batch_size = events, batch_size
        self.began = self.trained = 0.0
        self.n_steps = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Start the epoch's watch."""
        self.began, self.trained, self.n_steps = time.perf_counter(), 0.0, 0

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Count a training step."""
        self.n_steps += 1

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Note that training ends and validation begins."""
        self.trained = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Append the epoch's line."""
        line = {
            "number": epoch + 1,
            "images_per_s": self.n_steps * self.batch_size / (self.trained - self.began),
            "seconds": time.perf_counter() - self.began,
            "n_images": self.n_steps * self.batch_size,
            **{name: float(value) for name, value in (logs or {}).items()},
        }
        with self.events.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def watch_fit(events: Path) -> None:
    """Add the stopwatch to every `Model.fit` of this process; it goes before the peer's own callbacks."""
    fit = tf.keras.Model.fit

    def fit_watched(model: Any, *arguments: Any, **options: Any) -> Any:
        options["callbacks"] = [Stopwatch(events, options["batch_size"]), *options["callbacks"]]
        return fit(model, *arguments, **options)

    tf.keras.Model.fit = fit_watched


if __name__ == "__main__":
    watch_fit(Path(sys.argv.pop(1)))
    from donkeycar.management.base import execute_from_command_line

    execute_from_command_line()
