"""How far from the middle of the road it drove."""

from collections.abc import Sequence

import numpy as np

from copycar.evaluation.metrics.metric import Metric
from copycar.evaluation.trace import Trace


def cross_track_error_m(traces: Sequence[Trace]) -> dict[str, float | None]:
    """Return mean, 95th percentile and maximum of the distance to the centre line, metres, over all ticks.

    Every tick of every trial counts the same. All None where the environment does not tell the error.
    """
    errors = [np.abs(trace.cross_track_error_m) for trace in traces]
    error = np.concatenate(errors) if errors else np.empty(0)
    error = error[np.isfinite(error)]
    if not len(error):
        return {"mean": None, "p95": None, "max": None}
    return {"mean": float(error.mean()), "p95": float(np.percentile(error, 95)), "max": float(error.max())}


METRIC = Metric(
    title="Distance from the middle",
    unit="m",
    meaning="How far it was from the middle of the road: on average, at most in 95 % of the time, and at worst.",
    source="absolute lateral error to the centre line, as in Duckietown and gym-donkeycar (cte)",
    measure=cross_track_error_m,
    interval_of=("mean", "p95"),
)
