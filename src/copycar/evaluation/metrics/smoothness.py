"""How quietly it steered."""

from collections.abc import Sequence

import numpy as np

from copycar.evaluation.metrics.metric import WHOLE, Metric
from copycar.evaluation.trace import Array, Trace


def smoothness(traces: Sequence[Trace]) -> float | None:
    """Return the root mean square of the change of steering per second, 1/s, over all ticks; less is smoother.

    Changes across a rescue do not count. None where no two ticks follow each other, or nobody knows the steering.
    """
    rates = [_steering_rates(trace) for trace in traces]
    rate = np.concatenate(rates) if rates else np.empty(0)
    return float(np.sqrt(np.mean(np.square(rate)))) if len(rate) else None


def _steering_rates(trace: Trace) -> Array:
    step_s = np.diff(trace.t_s)
    is_valid = trace.is_joined & (step_s > 0)
    rates: Array = np.diff(trace.steering)[is_valid] / step_s[is_valid]
    return rates[np.isfinite(rates)]


METRIC = Metric(
    title="Steering movement",
    unit="1/s",
    meaning="How fast the steering moved to and fro: 0 is a still hand, 2 is from straight to full in half a second.",
    source="steering whiteness: root mean square of the steering rate",
    measure=smoothness,
    interval_of=(WHOLE,),
)
