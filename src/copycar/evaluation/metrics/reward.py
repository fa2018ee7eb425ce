"""The game's own score."""

from collections.abc import Sequence

from copycar.evaluation.metrics.metric import WHOLE, Metric, mean_of_trials
from copycar.evaluation.trace import Trace


def reward(traces: Sequence[Trace]) -> float | None:
    """Return the mean over trials of what the game gave for its own episode; None where it gives no rewards.

    Helps do not stop it: a car that was put back goes on earning, as the game counts.
    """
    return mean_of_trials(lambda trace: trace.reward_total, traces)


METRIC = Metric(
    title="Game's own score",
    unit="",
    meaning="What the game itself gives for a drive; only games have one.",
    source="the environment's own reward, summed over its episode",
    measure=reward,
    interval_of=(WHOLE,),
)
