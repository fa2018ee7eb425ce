"""Writes the report of an evaluation: `card.json` for programs and `report.html`, one file, for people."""

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypedDict, Unpack

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic, write_json
from copycar.evaluation.report.curves import curves
from copycar.evaluation.report.examples import Example, examples_section
from copycar.evaluation.report.film import film_section
from copycar.evaluation.report.groups import Group, grouped
from copycar.evaluation.report.page import page, section
from copycar.evaluation.report.tables import group_summary, offline_table, pairs, score_table, trial_table
from copycar.evaluation.report.track_map import causes, legend, track_map
from copycar.evaluation.report.training import training_section
from copycar.evaluation.report.verdict import certainty, grade, offline_verdict, verdict
from copycar.evaluation.report.words import DASH, number
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace

CARD, PAGE = "card.json", "report.html"


class About(TypedDict, total=False):
    """What else a report can tell; every part may be left out.

    Attributes:
        title: what was evaluated.
        command: reproduces it.
        versions: name to version; default: copycar, Python and the libraries that decide about results.
        film: an mp4, put into the page.
        film_caption: one sentence below it.
        offline: what `evaluate_offline` returned.
        training: `{"history": [one mapping per epoch], plain facts …}`.
        examples: held-out frames with what the policy says.
        is_unseen: whether the tracks were not in the training data.
        date: ISO 8601; default: now.
    """

    title: str
    command: str
    versions: Mapping[str, str]
    film: Path | None
    film_caption: str
    offline: Mapping[str, Any] | None
    training: Mapping[str, Any] | None
    examples: Sequence[Example]
    is_unseen: bool | None
    date: str


def write_report(folder: Path, score_card: ScoreCard | None, traces: Sequence[Trace], **about: Unpack[About]) -> Path:
    """Write `card.json` and `report.html` into `folder`, and return the page's path.

    Args:
        folder: made where missing.
        score_card: None for a report on recordings alone.
        traces: the trials of the card.
        about: see `About`.

    Raises:
        CopycarError: the folder cannot be written, or there is neither a card nor offline figures.
    """
    if score_card is None and not about.get("offline"):
        raise CopycarError("there is nothing to report", "neither trials nor offline figures were given")
    told: About = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "versions": versions(), **about}
    title = told.get("title", "Evaluation")
    text = page(title, "".join(_sections(score_card, traces, told)), told["date"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / CARD, _as_json(score_card, told))
        write_atomic(folder / PAGE, text)
    except OSError as error:
        raise CopycarError(f"cannot write a report into {folder}", str(error), "name another folder") from error
    return folder / PAGE


def versions() -> dict[str, str]:
    """Return the versions that decide about results, where installed, and the machine."""
    found = {"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}
    for package in ("copycar", "numpy", "onnxruntime", "gymnasium", "panda3d"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _as_json(card: ScoreCard | None, about: About) -> dict[str, Any]:
    told = {name: about.get(name) for name in ("title", "command", "date", "versions", "offline", "training")}
    return {**told, "score_card": card.as_json() if card else None}


def _sections(card: ScoreCard | None, traces: Sequence[Trace], about: About) -> list[str]:
    sections = [_headline(card, traces, about)]
    if film := about.get("film"):
        sections.append(section("See it drive", f"{film_section(film)}<p>{escape(about.get('film_caption', ''))}</p>"))
    if card:
        groups = grouped(traces)
        sections.append(section("Where it drove", _maps(groups)))
        sections.append(section("Scores", score_table(card)))
        sections.append(section("Trial by trial", f'<div class="wide">{trial_table(traces)}</div>'))
    if offline := about.get("offline"):
        sections.append(section("On recorded pictures", _offline(offline)))
    if examples := about.get("examples"):
        sections.append(section("What it says to frames that it has not seen", examples_section(examples)))
    if training := about.get("training"):
        sections.append(section("How it learned", training_section(training)))
    return [*sections, section("Do it again", _again(card, about))]


def _headline(card: ScoreCard | None, traces: Sequence[Trace], about: About) -> str:
    title = f'<p class="title">{escape(about.get("title", "Evaluation"))}</p>'
    if card is None:
        return f"<header>{title}<h1>{offline_verdict(about.get('offline') or {})}</h1></header>"
    said = verdict(card, traces, is_unseen=about.get("is_unseen"))
    return (
        f'<header class="{grade(card, traces)}">{title}<h1>{said}</h1><p>{certainty(card)}</p>'
        f'<ul class="tiles">{"".join(_tiles(card, traces))}</ul></header>'
    )


def _tiles(card: ScoreCard, traces: Sequence[Trace]) -> list[str]:
    def part(name: str, key: str) -> Any:
        value = card.values[name]
        return value.get(key) if isinstance(value, dict) else value

    laps = card.values["laps"]
    shown = [
        ("laps driven", DASH if laps is None else f"{laps} / {card.laps_asked}"),
        ("times help was needed", str(sum(len(trace.interventions) for trace in traces))),
        ("driving score, of 100", number(part("driving_score", ""))),
        ("from the middle, on average", number(part("cross_track_error_m", "mean"), "m")),
        ("best lap", number(part("lap_time_s", "best"), "s")),
    ]
    return [f"<li><b>{value}</b><span>{name}</span></li>" for name, value in shown]


def _maps(groups: Sequence[Group]) -> str:
    show_all = '<button type="button" data-pick="0">Show all</button>'
    return f'<p class="picked" hidden>Showing one trial. {show_all}</p>{"".join(map(_map, groups))}'


def _map(group: Group) -> str:
    return (
        f'<article class="group"><h3>{escape(group.title)} <small>{group_summary(group)}</small></h3>'
        f'<div class="side"><div>{track_map(group)}{legend(group.half_width_m)}{causes(group)}</div>'
        f"{curves(group)}</div></article>"
    )


def _offline(offline: Mapping[str, Any]) -> str:
    n_frames = offline.get("n_frames", "?")
    seen = "frames it was trained on or beside" if offline.get("is_training_data") else "frames"
    return (
        f"<p>Average error on {escape(str(n_frames))} {seen} "
        f"({escape(str(offline.get('split', 'all')))}). Shorter is better; a policy must beat the average. "
        f"Repeating the frame before is no driver: it needs somebody who drives.</p>"
        f'<div class="axes">{offline_table(offline)}</div>'
    )


def _again(card: ScoreCard | None, about: About) -> str:
    command = f"<pre>{escape(about['command'])}</pre>" if about.get("command") else ""
    facts: dict[str, Any] = {"date": about["date"], **about["versions"]}
    if card:
        facts["trial seeds"] = ", ".join(str(seed) for seed in card.seeds)
    return command + pairs(facts)
