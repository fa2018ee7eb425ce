"""The result in one sentence that a pupil understands. Knows nothing of pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from copycar.evaluation.report.words import did, listed, number, times
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace

GOOD, FAIR, BAD = "good", "fair", "bad"


def verdict(card: ScoreCard, traces: Sequence[Trace], *, is_unseen: bool | None = None) -> str:
    """Return the headline, HTML.

    Args:
        card: the score card.
        traces: its trials.
        is_unseen: whether the tracks were not in the training data; None says nothing of it.
    """
    done = card.values["laps"]
    how = _help_needed(traces)
    if done is None:
        return f"It drove {times(card.n_trials)} in {_places(traces, is_unseen)}, {how}."
    if done == 0:
        how = f", {how}" if _n_helps(traces) else ""
        return f"It did not finish a lap on {_places(traces, is_unseen)}{how}."
    return f"It drove {done} of {card.laps_asked} laps on {_places(traces, is_unseen)}, {how}."


def offline_verdict(offline: Mapping[str, Any]) -> str:
    """Return the headline of an evaluation on recordings alone, HTML."""
    steering = offline["steering"]
    better = steering["baseline_mean_mae"] / steering["mae"] if steering["mae"] else None
    if better is not None and better <= 1:
        return "Its steering is no better than always answering the average: it has not learned to drive."
    how = f"{number(better)} times better than always answering the average" if better else "as the driver steered"
    return f"On recorded pictures it steers {how}. Whether it drives, only driving can show."


def grade(card: ScoreCard, traces: Sequence[Trace]) -> str:
    """Return "good" for driving without any help, "bad" where not half of the distance was driven, else "fair"."""
    completion = card.values["route_completion_pct"]
    if isinstance(completion, float) and completion < 50:
        return BAD
    return FAIR if _n_helps(traces) or card.clean_trials != card.n_trials else GOOD


def certainty(card: ScoreCard) -> str:
    """Return what the trials say about the next one, in words; "" where they say nothing."""
    bounds = card.intervals["clean_trials_pct"]
    if bounds is None:
        return ""
    return (
        f"{card.clean_trials} of {card.n_trials} trials went from start to end without help. From so many trials we "
        f"can be 95 % sure that the true share is between {bounds[0]:.0f} % and {bounds[1]:.0f} %."
    )


def _n_helps(traces: Sequence[Trace]) -> int:
    return sum(len(trace.interventions) for trace in traces)


def _help_needed(traces: Sequence[Trace]) -> str:
    causes = Counter(event.cause for trace in traces for event in trace.interventions)
    if not causes:
        return "without help"
    what = listed([f"{did(cause)} {times(n)}" for cause, n in causes.most_common()])
    return f"but needed help {times(causes.total())}: it {what}"


def _places(traces: Sequence[Trace], is_unseen: bool | None) -> str:
    names = list(dict.fromkeys(trace.trial.environment for trace in traces))
    known = "" if is_unseen is None else " that it had never seen" if is_unseen else " that it knew from its training"
    if len(names) > 1:
        return f"{len(names)} tracks{known}"
    return f"{escape(names[0])}, a track{known}" if known else escape(names[0])
