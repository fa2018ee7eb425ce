"""The tables of the report: scores, trials, offline figures, versions. HTML; every text from outside is escaped."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from copycar.evaluation.metrics import METRICS
from copycar.evaluation.metrics.metric import WHOLE, Metric
from copycar.evaluation.report.groups import Group
from copycar.evaluation.report.words import DASH, did, number, span
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace

FIRST = ("laps", "route_completion_pct", "driving_score", "autonomy_pct", "interventions_per_lap")
"""The metrics that a reader looks for first; the others follow by name."""

PARTS = {"mean": "average", "p95": "95 %", "max": "worst", "best": "best", "median": "middle", "p50": "usual"}


def score_table(card: ScoreCard) -> str:
    """Return every metric with its value, its interval and what it means."""
    rows = "".join(
        _score_row(METRICS.get(name), card.values[name], card.intervals.get(name)) for name in metric_names(card)
    )
    return (
        '<table class="scores"><thead><tr><th>Score</th><th class="n">Value</th><th class="n">95 % sure</th>'
        f"<th>What it means</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def trial_table(traces: Sequence[Trace]) -> str:
    """Return one row per trial; a click on it shows that trial alone (see page.js)."""
    rows = "".join(_trial_row(place, trace) for place, trace in enumerate(traces, 1))
    head = "".join(
        f"<th{' class=n' if name not in ('Track', 'What happened') else ''}>{name}</th>"
        for name in ("Trial", "Track", "Start", "Seed", "Laps", "Best lap", "Off middle", "Score", "What happened")
    )
    return f'<table class="trials"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def group_summary(group: Group) -> str:
    """Return the figures of one track and direction in a line: times of different tracks must not be mixed."""
    traces = [trace for _, trace in group.numbered]
    helps = sum(len(trace.interventions) for trace in traces)
    parts = [
        f"{len(traces)} trials",
        f"{_measured('laps', traces)} laps",
        f"helped {helps} times" if helps else "no help",
        f"{_measured('cross_track_error_m', traces, 'mean')} from the middle",
        f"lap {_measured('lap_time_s', traces, 'median')}",
    ]
    return ", ".join(parts)


def offline_table(offline: Mapping[str, Any]) -> str:
    """Return the offline error of steering and throttle beside its baselines, as numbers and bars."""
    axes = [axis for axis in ("steering", "throttle") if axis in offline]
    return "".join(_offline_axis(axis, offline[axis]) for axis in axes)


def pairs(values: Mapping[str, Any]) -> str:
    """Return names and values as a definition list."""
    rows = "".join(f"<dt>{escape(str(name))}</dt><dd>{_plain(value)}</dd>" for name, value in values.items())
    return f"<dl>{rows}</dl>"


def metric_names(card: ScoreCard) -> list[str]:
    """Return the names of a card's metrics, those that a reader looks for first."""
    return [*FIRST, *(name for name in card.values if name not in FIRST)]


def shown_value(metric: Metric, value: Any, interval: Any) -> tuple[str, str]:
    """Return a metric's value and its interval, HTML; a line for each part of one that has several."""
    if not isinstance(value, dict):
        return number(value, metric.unit), span(interval, metric.unit) if WHOLE in metric.interval_of else DASH
    parts = [(PARTS.get(name) or str(name), number(part, metric.unit)) for name, part in value.items()]
    shown = "<br>".join(f"<small>{escape(name)}</small> {text}" for name, text in parts)
    return shown, "<br>".join(span((interval or {}).get(name), metric.unit) for name in value)


def story(trace: Trace) -> str:
    """Return what happened in a trial, HTML."""
    if not trace.interventions:
        return "no help" if trace.is_clean else escape(trace.ended)
    events = [f"{did(event.cause)} at {number(event.t_s, 's')}" for event in trace.interventions[:4]]
    more = len(trace.interventions) - len(events)
    ended = "" if trace.n_laps is not None and trace.n_laps >= trace.trial.laps else f"; {escape(trace.ended)}"
    return ", ".join(events) + (f" and {more} more" if more > 0 else "") + ended


def _score_row(metric: Metric, value: Any, interval: Any) -> str:
    shown, bounds = shown_value(metric, value, interval)
    return (
        f'<tr><th scope="row">{escape(metric.title)}</th><td class="n">{shown}</td><td class="n">{bounds}</td>'
        f"<td>{escape(metric.meaning)} <small>{escape(metric.source)}</small></td></tr>"
    )


def _trial_row(place: int, trace: Trace) -> str:
    trial = trace.trial
    way = "↺" if trial.direction > 0 else "↻"
    cells = [
        ("n", f'<button type="button" data-pick="{place}">{place}</button>'),
        ("", escape(trial.environment)),
        ("n", f"{100 * trial.progress:.0f} % {way}"),
        ("n", str(trial.seed)),
        ("n", f"{DASH if trace.n_laps is None else trace.n_laps} / {trial.laps}"),
        ("n", _measured("lap_time_s", [trace], "best")),
        ("n", _measured("cross_track_error_m", [trace], "mean")),
        ("n", _measured("driving_score", [trace])),
        ("", story(trace)),
    ]
    row = "".join(f"<td{f' class={kind}' if kind else ''}>{text}</td>" for kind, text in cells)
    return f'<tr data-row="{place}">{row}</tr>'


def _measured(name: str, traces: Sequence[Trace], part: str = WHOLE) -> str:
    metric = METRICS.get(name)
    return number(metric.part(traces, part), metric.unit)


def _offline_axis(axis: str, figures: Mapping[str, Any]) -> str:
    shown = {
        "this policy": figures.get("mae"),
        "always the average": figures.get("baseline_mean_mae"),
        "repeat the frame before": figures.get("baseline_last_mae"),
    }
    longest = max([value for value in shown.values() if value is not None] + [1e-9])
    bars = "".join(
        f'<div class="bar"><span>{name}</span><i style="width:{100 * (value or 0) / longest:.0f}%"></i>'
        f"<b>{DASH if value is None else f'{value:.4f}'}</b></div>"
        for name, value in shown.items()
    )
    r2 = figures.get("r2")
    note = f"R² {r2:.3f}, " if r2 is not None else ""
    return (
        f'<div class="axis"><h3>{axis.capitalize()}</h3>{bars}'
        f"<p><small>{note}root mean square error {number(figures.get('rmse'))}</small></p></div>"
    )


def _plain(value: Any) -> str:
    return number(value) if isinstance(value, float) else escape(str(value))
