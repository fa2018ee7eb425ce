"""The share of the time in which nobody would have had to help, by PilotNet's definition."""

from collections.abc import Sequence

from copycar.evaluation.metrics.metric import WHOLE, Metric
from copycar.evaluation.trace import Trace

INTERVENTION_S = 6.0
"""What one intervention costs: Bojarski et al. 2016, section 7.1. Long against a ten-second lap: read it with
interventions per lap."""


def autonomy_pct(traces: Sequence[Trace]) -> float | None:
    """Return 100 * (1 - 6 s * interventions / time), 0 … 100; None where no time has passed.

    Interventions and seconds are summed over all trials first, so every second counts the same. The formula goes
    below zero for a car that is helped more often than every six seconds; that is 0 here.
    """
    duration_s = sum(trace.duration_s for trace in traces)
    if duration_s <= 0:
        return None
    n_interventions = sum(len(trace.interventions) for trace in traces)
    return max(0.0, 100.0 * (1.0 - INTERVENTION_S * n_interventions / duration_s))


METRIC = Metric(
    title="Autonomy",
    unit="%",
    meaning="The share of the time in which it needed no help, when every help is counted as six seconds.",
    source="PilotNet: Bojarski et al. 2016, End to End Learning for Self-Driving Cars, section 7.1",
    measure=autonomy_pct,
    interval_of=(WHOLE,),
)
