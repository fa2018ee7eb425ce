"""How many laps were driven."""

from collections.abc import Sequence

from copycar.evaluation.metrics.metric import Metric
from copycar.evaluation.trace import Trace


def laps(traces: Sequence[Trace]) -> int | None:
    """Return the whole laps of all trials together, with or without help; None where laps are unknown."""
    known = [trace.n_laps for trace in traces if trace.n_laps is not None]
    return sum(known) if known else None


METRIC = Metric(
    title="Laps",
    unit="",
    meaning="Whole laps of all trials together. A lap begins where the trial began.",
    source="copycar",
    measure=laps,
)
