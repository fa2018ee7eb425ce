"""How fast it drove a lap, if nobody had to help."""

from collections.abc import Sequence

import numpy as np

from copycar.evaluation.metrics.metric import Metric
from copycar.evaluation.trace import Trace


def lap_time_s(traces: Sequence[Trace]) -> dict[str, float | None]:
    """Return the best and the median time of the laps without intervention, seconds; None where there is none.

    The first lap of a trial counts too; it includes the standing start.
    """
    times = [time for trace in traces for time in trace.lap_times_s(only_clean=True)]
    if not times:
        return {"best": None, "median": None}
    return {"best": min(times), "median": float(np.median(times))}


METRIC = Metric(
    title="Lap time",
    unit="s",
    meaning="How long a lap took: the fastest, and the middle one. Only laps without help count.",
    source="F1TENTH, gym-donkeycar: only laps without infraction",
    measure=lap_time_s,
    interval_of=("median",),
)
