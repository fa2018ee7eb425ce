"""Several drivers on the same starts of one track, to be watched side by side. Knows nothing of drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from copycar.evaluation.entrants import entrants
from copycar.evaluation.report.compare import Driven
from copycar.evaluation.rollout import Progress, evaluate_rollout
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace

STEP_S = 0.1
"""Of the recorded ghosts: a browser draws straight lines between."""

OnDriver = Callable[[str, float, int], None]
"""Is told (name of the driver, share of the trials that are driven, interventions in the running one)."""


@dataclass(frozen=True, slots=True)
class Ghost:
    """One drive, evenly sampled.

    Attributes:
        step_s: between two places.
        places_m: (x, y), north up; None where it is not known.
    """

    step_s: float
    places_m: list[tuple[float, float] | None]


def race(
    drivers: Sequence[str], environment: str, *, trials: int, laps: int, seed: int, tell: OnDriver
) -> list[Driven]:
    """Let every driver drive the same trials, one driver after the other.

    Args:
        drivers: policy files, run folders or names of drivers.
        environment: the track.
        trials: at least 2: starts from both directions. They run in processes of their own.
        laps: per trial.
        seed: of the starts.
        tell: how far it is; whatever it raises ends the race.

    Raises:
        CopycarError: as `evaluate_rollout`.
    """
    found = []
    for one in entrants(drivers):

        def passed_on(news: Progress, name: str = one.name) -> None:
            tell(name, (news.n_done + (0.0 if news.is_done else news.share)) / news.n_trials, news.interventions)

        traces = evaluate_rollout(
            one.driver, [environment], trials=max(2, trials), laps=laps, seed=seed, workers=2, on_progress=passed_on
        )
        found.append(Driven(one.name, ScoreCard.from_trials(traces), traces))
    return found


def as_ghost(trace: Trace, step_s: float = STEP_S) -> Ghost:
    """Return where the car was every `step_s` seconds from the start of the trial to its end.

    Between two ticks it is taken to go straight, and to stay where it was until it was put elsewhere.
    """
    moments = np.arange(0.0, trace.duration_s + step_s, step_s)
    after = np.searchsorted(trace.t_s, moments).clip(1, len(trace) - 1) if len(trace) > 1 else np.zeros(0, int)
    return Ghost(step_s, [_between(trace, float(t), int(k)) for t, k in zip(moments, after, strict=False)])


def _between(trace: Trace, t_s: float, after: int) -> tuple[float, float] | None:
    start, stop = trace.t_s[after - 1], trace.t_s[after]
    share: Any = np.clip((t_s - start) / max(stop - start, 1e-9), 0.0, 1.0) if trace.is_joined[after - 1] else 0.0
    place = trace.position_m[after - 1] * (1 - share) + trace.position_m[after] * share
    return (round(float(place[0]), 3), round(float(place[1]), 3)) if np.isfinite(place).all() else None
