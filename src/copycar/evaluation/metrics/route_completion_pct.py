"""How much of the asked laps was driven. Knows nothing of how well."""

from collections.abc import Sequence

from copycar.evaluation.metrics.metric import WHOLE, Metric, mean_of_trials
from copycar.evaluation.trace import Trace


def of_trial(trace: Trace) -> float | None:
    """Return 0 … 100: the furthest point reached, as a share of the asked laps; None where laps are unknown."""
    furthest = trace.furthest_laps
    return None if furthest is None else 100.0 * min(1.0, furthest / trace.trial.laps)


def route_completion_pct(traces: Sequence[Trace]) -> float | None:
    """Return the mean over trials, as CARLA's leaderboard does over routes."""
    return mean_of_trials(of_trial, traces)


METRIC = Metric(
    title="Route completion",
    unit="%",
    meaning="How much of the asked distance it drove before the time was over or it had to be given up.",
    source="CARLA leaderboard 2.0, route completion",
    measure=route_completion_pct,
    interval_of=(WHOLE,),
)
