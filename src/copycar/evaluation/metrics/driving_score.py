"""One number for distance and mistakes together, in the form of CARLA's leaderboard."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from copycar.evaluation.metrics import route_completion_pct
from copycar.evaluation.metrics.metric import WHOLE, Metric, mean_of_trials
from copycar.evaluation.trace import CAR_HIT, OFF_TRACK, SCENERY_HIT, STUCK, WRONG_WAY, Trace

PENALTIES: Mapping[str, float] = MappingProxyType(
    {
        SCENERY_HIT: 0.65,  # CARLA statistics_manager.py: collision with static
        CAR_HIT: 0.60,  # CARLA: collision with vehicle
        STUCK: 0.70,  # CARLA: scenario timeout
        OFF_TRACK: 0.70,  # ours: CARLA takes off-lane distance from the route instead
        WRONG_WAY: 0.60,  # ours
    }
)
"""Factor for each intervention of a cause. These numbers stay: a score is comparable only under the same ones."""

OTHER_PENALTY = 0.50
"""For a cause that a plug-in environment brings: a human intervention of unknown cause."""


def of_trial(trace: Trace) -> float | None:
    """Return route completion (0 … 100) times the penalty of every intervention; None where laps are unknown."""
    completion = route_completion_pct.of_trial(trace)
    if completion is None:
        return None
    return completion * math.prod(PENALTIES.get(event.cause, OTHER_PENALTY) for event in trace.interventions)


def driving_score(traces: Sequence[Trace]) -> float | None:
    """Return the mean over trials."""
    return mean_of_trials(of_trial, traces)


METRIC = Metric(
    title="Driving score",
    unit="",
    meaning="Route completion, made smaller by every mistake: times 0.70 for leaving the road or getting stuck, "
    "0.65 for hitting something, 0.60 for hitting a car or driving the wrong way. 100 is perfect.",
    source="CARLA leaderboard 2.0: mean over routes of completion times the product of penalties",
    measure=driving_score,
    interval_of=(WHOLE,),
)
