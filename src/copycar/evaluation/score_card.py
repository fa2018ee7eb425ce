"""The score card: every metric over a set of trials, with how sure it is. Knows nothing of where trials come from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from copycar.evaluation.intervals import CONFIDENCE, bootstrap, wilson
from copycar.evaluation.metrics import METRICS
from copycar.evaluation.metrics.metric import WHOLE, Metric, Value
from copycar.evaluation.trace import Trace


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """What a set of trials says about a driver.

    Attributes:
        n_trials: how many.
        laps_asked: how many laps they were to drive, together.
        values: metric name to value, in the order of the registry; None where it could not be measured.
        clean_trials: trials that drove every lap without help; None where laps are unknown.
        intervals: name to `[low, high]`, 95 %; `None` where the trials cannot tell. Rates: Wilson. Scores: bootstrap
            over trials, seeded.
        seeds: of the trials.
        trials: one JSON object each.
    """

    n_trials: int
    laps_asked: int
    values: Mapping[str, Value]
    clean_trials: int | None
    intervals: Mapping[str, Any]
    seeds: tuple[int, ...]
    trials: tuple[Mapping[str, Any], ...]

    @classmethod
    def from_trials(cls, traces: Sequence[Trace], seed: int = 0) -> "ScoreCard":
        """Return the card of `traces`; an empty list gives a card of None.

        Args:
            traces: the trials.
            seed: of the bootstrap.
        """
        metrics = {name: METRICS.get(name) for name in METRICS}
        clean = [trace.is_clean for trace in traces if trace.is_clean is not None]
        return cls(
            n_trials=len(traces),
            laps_asked=sum(trace.trial.laps for trace in traces),
            values={name: metric.measure(traces) for name, metric in metrics.items()},
            clean_trials=sum(clean) if clean else None,
            intervals=_intervals(metrics, traces, clean, seed),
            seeds=tuple(trace.trial.seed for trace in traces),
            trials=tuple(_trial_as_json(trace, metrics) for trace in traces),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the card in its binding shape (see the documentation of `evaluate --json`), ready for JSON."""
        return {
            "n_trials": self.n_trials,
            **self.values,
            "laps_asked": self.laps_asked,
            "clean_trials": self.clean_trials,
            "intervals": dict(self.intervals),
            "seeds": list(self.seeds),
            "trials": [dict(trial) for trial in self.trials],
        }


def _intervals(
    metrics: Mapping[str, Metric], traces: Sequence[Trace], clean: Sequence[bool], seed: int
) -> dict[str, Any]:
    rate = wilson(sum(clean), len(clean))
    found: dict[str, Any] = {
        "confidence": CONFIDENCE,
        "clean_trials_pct": [100.0 * bound for bound in rate] if rate else None,
    }
    for name, metric in metrics.items():
        bounds = {part: _bounds(metric, part, traces, seed) for part in metric.interval_of}
        if bounds:
            found[name] = bounds.get(WHOLE) if WHOLE in bounds else bounds
    return found


def _bounds(metric: Metric, part: str, traces: Sequence[Trace], seed: int) -> list[float] | None:
    interval = bootstrap(traces, lambda drawn: metric.part(drawn, part), seed)
    return list(interval) if interval else None


def _trial_as_json(trace: Trace, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    return {
        **asdict(trace.trial),
        "laps_asked": trace.trial.laps,
        **{name: metric.measure([trace]) for name, metric in metrics.items()},
        "lap_times_s": trace.lap_times_s(),
        "duration_s": trace.duration_s,
        "ended": trace.ended,
        "interventions": [_without_nan(asdict(event)) for event in trace.interventions],
    }


def _without_nan(values: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value != value else value for name, value in values.items()}  # noqa: PLR0124 - NaN test
