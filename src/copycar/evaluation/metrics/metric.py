"""What a metric is. Knows no particular one.

A metric is a function of a *set* of trials: of one for the table of trials, of all for the score card, of resampled
ones for the interval. Each metric says how it puts trials together; nothing else averages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from copycar.evaluation.trace import Trace

Value = float | int | dict[str, float | None] | None
"""One number, or several by name; None where it cannot be computed, never 0."""

WHOLE = ""
"""The name of the part of a metric that is one number."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A named way to judge driving.

    Attributes:
        title: for people, short.
        unit: "%", "m", "s", "ms", "1/s", or "" for a count or score.
        meaning: one sentence that a pupil understands.
        source: where the definition comes from.
        measure: the value over a set of trials; None for an empty set or where nothing can be computed.
        interval_of: the parts of the value for which a bootstrap interval makes sense; `WHOLE` for a single number.
            Extremes (best, maximum) have none: a resampled sample never holds a more extreme one.
    """

    title: str
    unit: str
    meaning: str
    source: str
    measure: Callable[[Sequence[Trace]], Value]
    interval_of: tuple[str, ...] = ()

    def part(self, traces: Sequence[Trace], name: str = WHOLE) -> float | None:
        """Return one number of the value."""
        value = self.measure(traces)
        return value.get(name) if isinstance(value, dict) else value


def mean_of_trials(of_trial: Callable[[Trace], float | None], traces: Sequence[Trace]) -> float | None:
    """Return the mean over the trials in which the metric can be computed; None where there is no such trial."""
    values = [value for value in map(of_trial, traces) if value is not None]
    return float(np.mean(values)) if values else None
