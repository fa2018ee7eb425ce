"""How long the driver thought about one frame."""

from collections.abc import Sequence

import numpy as np

from copycar.evaluation.metrics.metric import Metric
from copycar.evaluation.trace import Trace


def latency_ms(traces: Sequence[Trace]) -> dict[str, float | None]:
    """Return median and 95th percentile of frame in to action out, milliseconds, on the machine that evaluated.

    Trials run side by side on it, so this is an upper bound of what the machine does undisturbed.
    """
    times = [trace.latency_ms for trace in traces]
    time = np.concatenate(times) if times else np.empty(0)
    time = time[np.isfinite(time)]
    if not len(time):
        return {"p50": None, "p95": None}
    p50, p95 = np.percentile(time, [50, 95])
    return {"p50": float(p50), "p95": float(p95)}


METRIC = Metric(
    title="Thinking time",
    unit="ms",
    meaning="How long it thought about one picture: usually (p50), and when it was slow (p95).",
    source="percentiles of frame in to action out, one CPU thread",
    measure=latency_ms,
)
