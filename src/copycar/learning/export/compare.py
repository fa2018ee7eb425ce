"""How far an exported file's actions are from the policy's own, and how long both take. Knows no file formats."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Observation

Precision = Literal["fp32", "fp16", "int8"]
Act = Callable[[Observation], tuple[float, float]]
"""What `Policy.act` is: takes an observation, gives steering and throttle."""

N_WARM_UP = 10
"""First calls set up kernels and memory."""


@dataclass(frozen=True)
class Tolerance:
    """What passes.

    Attributes:
        largest: of any steering or throttle on any frame.
        mean: over all of them.
    """

    largest: float
    mean: float


TOLERANCES: dict[Precision, Tolerance] = {
    "fp32": Tolerance(1e-4, 1e-4),
    "fp16": Tolerance(5e-3, 1e-3),
    "int8": Tolerance(0.08, 0.01),
}
"""Four times and twice what networks trained on a real tub (5,015 frames, an indoor track) showed at most.

Measured over linear, categorical, copycar and pilotnet, .onnx and .tflite: fp32 3e-6; fp16 6e-4, mean 1.1e-4; int8
0.021, mean 0.0047.
"""


@dataclass(frozen=True)
class Comparison:
    """What was found.

    Attributes:
        largest, mean: difference of an action.
        latency_ms: p50 and p95 of one call of the exported file.
        policy_latency_ms: the same of the policy, in turns with it.
    """

    largest: float
    mean: float
    latency_ms: dict[str, float]
    policy_latency_ms: dict[str, float]

    def require(self, precision: Precision, what: str) -> None:
        """Refuse differences above the tolerance; not a number is above it too.

        Raises:
            CopycarError: it differs too much.
        """
        allowed = TOLERANCES[precision]
        if not (self.largest <= allowed.largest and self.mean <= allowed.mean):
            raise CopycarError(
                f"{what} was not written: its actions differ by up to {self.largest:.4f}, on average {self.mean:.4f}",
                f"for {precision} at most {allowed.largest:g} and {allowed.mean:g} pass",
                "name a tub like the drives to come (--calibrate TUB), or a finer --precision",
            )


def compare(policy: Act, exported: Act, observations: Sequence[Observation]) -> Comparison:
    """Ask both about every observation, in turns.

    Args:
        policy: the policy.
        exported: what was made of it.
        observations: what to ask about.
    """
    acts = (policy, exported)
    for act in acts:
        for seen in observations[:N_WARM_UP]:
            act(seen)
    actions = np.empty((2, len(observations), 2))
    times_ms = np.empty((2, len(observations)))
    for number, seen in enumerate(observations):
        for side, act in enumerate(acts):
            started_ns = time.perf_counter_ns()
            actions[side, number] = act(seen)
            times_ms[side, number] = (time.perf_counter_ns() - started_ns) / 1e6
    apart = np.abs(actions[0] - np.clip(actions[1], -1, 1))
    return Comparison(float(apart.max()), float(apart.mean()), _percentiles(times_ms[1]), _percentiles(times_ms[0]))


def _percentiles(times_ms: Any) -> dict[str, float]:
    p50, p95 = np.percentile(times_ms, [50, 95])
    return {"p50": float(p50), "p95": float(p95)}
