"""How often somebody would have had to help, per lap."""

from collections.abc import Sequence

from copycar.evaluation.metrics.metric import WHOLE, Metric
from copycar.evaluation.trace import Trace


def interventions_per_lap(traces: Sequence[Trace]) -> float | None:
    """Return all interventions over all laps driven, fractions of laps included.

    None where no distance was won or laps are unknown in every trial; trials with unknown laps are left out.
    """
    known = [trace for trace in traces if trace.furthest_laps is not None]
    laps = sum(trace.furthest_laps or 0.0 for trace in known)
    if laps <= 0:
        return None
    return sum(len(trace.interventions) for trace in known) / laps


METRIC = Metric(
    title="Interventions per lap",
    unit="",
    meaning="How often somebody would have had to put it back on the road, for each lap it drove.",
    source="California DMV disengagement reports, per lap in place of per mile",
    measure=interventions_per_lap,
    interval_of=(WHOLE,),
)
