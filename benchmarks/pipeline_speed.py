"""What every picture operation costs: microseconds per frame of 160x120, on one core.

`python benchmarks/pipeline_speed.py` prints a Markdown table: in a policy (onnxruntime, one frame) and in training
(torch, a batch of 64), less what a pipeline without steps costs. Runs of the operations alternate and the quickest
counts, so that other programs disturb little.
"""

import contextlib
import io
import logging
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
import torch

from copycar.learning.device import keep_freed_memory
from copycar.learning.pipeline import Pipeline, read_steps
from copycar.testing.tub import draw_line

SIZE, BATCH, ROUNDS = (120, 160), 64, 25
EMPTY = "(no step)"

OPERATIONS: dict[str, list[dict[str, Any]]] = {
    EMPTY: [],
    "crop top=45": [{"op": "crop", "top": 45}],
    "mask top=45": [{"op": "mask", "top": 45}],
    "trapezoid": [
        {"op": "trapezoid", "upper_left": 20, "upper_right": 140, "lower_right": 160, "top": 60, "bottom": 120}
    ],
    "resize 80x60": [{"op": "resize", "width": 80, "height": 60}],
    "resize 100x66": [{"op": "resize", "width": 100, "height": 66}],
    "grey": [{"op": "grey"}],
    "colour rgb_to_hsv": [{"op": "colour", "convert": "rgb_to_hsv"}],
    "blur kernel=5": [{"op": "blur"}],
    "blur kernel=9": [{"op": "blur", "kernel": 9}],
    "blur kind=box kernel=5": [{"op": "blur", "kind": "box"}],
    "canny": [{"op": "canny"}],
    "normalise to=image": [{"op": "normalise", "to": "image"}],
}


def main() -> None:
    """Measure and print."""
    keep_freed_memory()
    torch.set_num_threads(1)
    frame = draw_line(0.3, SIZE)[None]
    batch = torch.from_numpy(np.repeat(frame, BATCH, axis=0))
    policies: dict[str, Callable[[], Any]] = {}
    trainings: dict[str, Callable[[], Any]] = {}
    for name, tables in OPERATIONS.items():
        pipeline = Pipeline(SIZE, read_steps(tables)).eval()
        session = in_onnxruntime(pipeline)
        policies[name] = lambda session=session: session.run(None, {"image": frame})
        trainings[name] = lambda pipeline=pipeline: pipeline(batch)
    with torch.inference_mode():
        in_policy, in_training = quickest_us(policies), quickest_us(trainings)
    print("| operation | in a policy, µs | in training, µs |\n|---|---|---|")
    for name in OPERATIONS:
        if name != EMPTY:
            driving, learning = in_policy[name] - in_policy[EMPTY], in_training[name] - in_training[EMPTY]
            print(f"| `{name}` | {max(0.0, driving):.0f} | {max(0.0, learning / BATCH):.0f} |")


def in_onnxruntime(pipeline: Pipeline) -> onnxruntime.InferenceSession:
    """Return the pipeline as a policy has it."""
    logging.disable()
    example = torch.zeros(1, *SIZE, 3, dtype=torch.uint8)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # the exporter's own
        program = torch.onnx.export(pipeline, (example,), dynamo=True, input_names=["image"], verbose=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = program.model_proto.SerializeToString()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def quickest_us(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the quickest time of each, µs, over alternating rounds."""
    quickest = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            quickest[name] = min(quickest[name], (time.perf_counter() - began) * 1e6)
    return quickest


if __name__ == "__main__":
    main()
