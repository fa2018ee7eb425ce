"""One page that shows several drivers side by side: the same starts, each one's scores, lines and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.evaluation.metrics import METRICS
from copycar.evaluation.metrics.metric import WHOLE, Metric
from copycar.evaluation.report.groups import Group, grouped
from copycar.evaluation.report.page import page, section
from copycar.evaluation.report.tables import group_summary, metric_names, pairs, shown_value, story
from copycar.evaluation.report.track_map import causes, legend, track_map
from copycar.evaluation.report.words import DASH, listed
from copycar.evaluation.report.write import versions
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace

HOW = (
    "How many of its trials each drove from start to end without help. Where two intervals below overlap, these trials "
    "do not tell who is better: drive more of them."
)


@dataclass(frozen=True, slots=True)
class Driven:
    """What one driver did.

    Attributes:
        name: of the driver.
        card: its score card.
        traces: its trials, in the order in which they were planned.
    """

    name: str
    card: ScoreCard
    traces: Sequence[Trace]


def write_comparison(path: Path, drivers: Sequence[Driven], *, command: str = "") -> Path:
    """Write the page and return its path.

    Args:
        path: the HTML file; its folder must exist.
        drivers: at least one; all drove the same trials in the same order.
        command: reproduces it.

    Raises:
        CopycarError: `path` cannot be written.
    """
    date = datetime.now(UTC).isoformat(timespec="seconds")
    title = f"{listed([one.name for one in drivers])} side by side"
    body = "".join(
        [
            _headline(drivers),
            section("Scores", f'<div class="wide">{scores_table(drivers)}</div>'),
            section("Where they drove", _maps(drivers)),
            section("Trial by trial", f'<div class="wide">{_trials(drivers)}</div>'),
            section("Do it again", _again(drivers, command, date)),
        ]
    )
    try:
        write_atomic(path, page(title, body, date))
    except OSError as error:
        raise CopycarError(f"cannot write the page {path}", str(error), "name another path") from error
    return path


def _headline(drivers: Sequence[Driven]) -> str:
    places = listed(sorted({escape(trace.trial.environment) for trace in drivers[0].traces}))
    tiles = "".join(f"<li><b>{_clean(one)}</b><span>{escape(one.name)}</span></li>" for one in drivers)
    what = f"{len(drivers)} drivers, the same {drivers[0].card.n_trials} starts"
    return f"<header><p class='title'>{places}</p><h1>{what}</h1><p>{HOW}</p><ul class='tiles'>{tiles}</ul></header>"


def _clean(one: Driven) -> str:
    return f"{DASH if one.card.clean_trials is None else one.card.clean_trials} of {one.card.n_trials}"


def scores_table(drivers: Sequence[Driven]) -> str:
    """Return every score of every driver with its interval, side by side, HTML."""
    head = "".join(f'<th class="n">{escape(one.name)}</th>' for one in drivers)
    rows = "".join(_score_row(METRICS.get(name), name, drivers) for name in metric_names(drivers[0].card))
    return f'<table class="side-by-side"><thead><tr><th>Score</th>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _score_row(metric: Metric, name: str, drivers: Sequence[Driven]) -> str:
    cells = "".join(f'<td class="n">{_score(metric, name, one.card)}</td>' for one in drivers)
    return f'<tr><th scope="row">{escape(metric.title)}</th>{cells}</tr>'


def _score(metric: Metric, name: str, card: ScoreCard) -> str:
    value, bounds = shown_value(metric, card.values[name], card.intervals.get(name))
    return f"{value}<br><small>{bounds}</small>" if WHOLE in metric.interval_of else value


def _maps(drivers: Sequence[Driven]) -> str:
    groups = [grouped(one.traces) for one in drivers]
    show_all = '<button type="button" data-pick="0">Show all</button>'
    articles = "".join(_article(drivers, same) for same in zip(*groups, strict=True))
    return f'<p class="picked" hidden>Showing one trial. {show_all}</p>{articles}'


def _article(drivers: Sequence[Driven], groups: Sequence[Group]) -> str:
    maps = "".join(
        f"<figure><figcaption><b>{escape(one.name)}</b>: {group_summary(group)}</figcaption>{track_map(group)}</figure>"
        for one, group in zip(drivers, groups, strict=True)
    )
    first = groups[0]
    return (
        f'<article class="group"><h3>{escape(first.title)}</h3><div class="axes">{maps}</div>'
        f"{legend(first.half_width_m)}{causes(*groups)}</article>"
    )


def _trials(drivers: Sequence[Driven]) -> str:
    head = "".join(f"<th>{escape(one.name)}</th>" for one in drivers)
    rows = "".join(
        _trial_row(number, same) for number, same in enumerate(zip(*(one.traces for one in drivers), strict=True), 1)
    )
    return (
        '<table class="trials"><thead><tr><th class="n">Trial</th><th>Track</th><th class="n">Start</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _trial_row(number: int, same: Sequence[Trace]) -> str:
    trial = same[0].trial
    way = "↺" if trial.direction > 0 else "↻"
    stories = "".join(f"<td>{story(trace)}</td>" for trace in same)
    return (
        f'<tr data-row="{number}"><td class="n"><button type="button" data-pick="{number}">{number}</button></td>'
        f'<td>{escape(trial.environment)}</td><td class="n">{100 * trial.progress:.0f} % {way}</td>{stories}</tr>'
    )


def _again(drivers: Sequence[Driven], command: str, date: str) -> str:
    seeds = ", ".join(str(seed) for seed in drivers[0].card.seeds)
    shown = f"<pre>{escape(command)}</pre>" if command else ""
    return shown + pairs({"date": date, **versions(), "trial seeds": seeds})
