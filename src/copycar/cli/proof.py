"""Drive policies in environments with progress bars, report on them, and show their score cards. Parses nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from copycar.cli.output import log, print_json, progress, show, tell, typed
from copycar.core.errors import EXIT_DONE, EXIT_GATE_FAILED, CopycarError
from copycar.core.files import write_atomic
from copycar.driving.make import POLICY_SUFFIXES
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.entrants import Entrant
from copycar.evaluation.film import film_trial
from copycar.evaluation.report.compare import Driven, write_comparison
from copycar.evaluation.report.write import write_report
from copycar.evaluation.rollout import Progress, run_trials
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace
from copycar.evaluation.trial import DEFAULT_TRIALS, Trial, plan_trials
from copycar.learning.run import RUN_FILE, Run, now_utc

SHOWN = (
    "route_completion_pct",
    "autonomy_pct",
    "interventions_per_lap",
    "driving_score",
    "laps",
    "cross_track_error_m",
    "lap_time_s",
    "reward",
    "latency_ms",
)
"""Metrics in the terminal; the report has all."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What an evaluation gave.

    Attributes:
        card: the score card.
        traces: every trial, tick by tick.
        report: the page.
    """

    card: ScoreCard
    traces: Sequence[Trace]
    report: Path

    def as_json(self) -> dict[str, Any]:
        """Return the result as `copycar evaluate --json` prints it."""
        return {"score_card": self.card.as_json(), "report": str(self.report)}


def prove(
    policy: str,
    environments: Sequence[str],
    *,
    trials: int = DEFAULT_TRIALS,
    laps: int = 3,
    seed: int = 0,
    workers: int | None = None,
    out: Path | None = None,
    film: bool = True,
    **about: Any,
) -> Proof:
    """Drive all trials with progress bars, film one, and write the report.

    The same `environments`, `trials`, `laps` and `seed` are the same starts for every policy.
    """
    out = out or _report_folder(policy)
    planned = plan_trials(environments, trials, laps, seed)
    traces = _driven(policy, planned, workers)
    card = ScoreCard.from_trials(traces, seed)
    out.mkdir(parents=True, exist_ok=True)
    if film:
        log.print("filming one drive …")
        about["film"] = film_trial(policy, planned[_most_telling(traces)], out / "film.mp4")
    about.setdefault("command", typed())
    about.setdefault("title", f"{Path(policy).stem} on {', '.join(environments)}")
    return Proof(card, traces, write_report(out, card, traces, **about))


def prove_all(entrants: Sequence[Entrant], environments: Sequence[str], out: Path | None, **how: Any) -> list[Proof]:
    """Prove one after the other, each from the same starts; see `prove`.

    Raises:
        CopycarError: a file that is no policy; it is named before anything drives.
    """
    proofs = []
    for one, folder in zip(entrants, _report_folders(entrants, out), strict=True):
        if len(entrants) > 1:
            tell(log, one.name, "bold")
        proofs.append(prove(one.driver, environments, out=folder, **how))
        _note(proofs[-1], Path(one.driver).parent, environments)
    return proofs


def _note(proof: Proof, folder: Path, on: Sequence[str]) -> None:
    """Keep the score in the folder of the run that the policy is from, for `copycar runs`; other policies have none."""
    if (folder / RUN_FILE).is_file():
        Run(folder).note_score(proof.card.as_json(), {"date": now_utc(), "on": list(on), "report": str(proof.report)})


def show_proofs(
    entrants: Sequence[Entrant],
    proofs: Sequence[Proof],
    *,
    html: Path | None = None,
    least_autonomy: float | None = None,
    as_json: bool = False,
) -> int:
    """Print the score cards, write the page that is asked for, and return the exit code.

    Args:
        entrants: who drove.
        proofs: of each.
        html: one page for all.
        least_autonomy: the gate, in percent, that each has to pass; None lets all pass.
        as_json: print one JSON object instead of tables.
    """
    page = {"html": str(_write_page(html, entrants, proofs))} if html else {}
    if as_json:
        print_json({**_as_json(entrants, proofs), **page})
    else:
        show_card(proofs[0]) if len(proofs) == 1 else show_cards(entrants, proofs)
        for path in page.values():
            tell(show, f"page: {path}")
    return max(_gate(one, proof.card, least_autonomy) for one, proof in zip(entrants, proofs, strict=True))


def show_card(proof: Proof) -> None:
    """Print the score card for people."""
    table = Table("measure", "value", "95 % interval")
    values = proof.card.as_json()
    for name in SHOWN:
        table.add_row(name, in_words(values[name]), in_words(values["intervals"].get(name)))
    show.print(table)
    clean = proof.card.clean_trials
    if clean is not None:
        show.print(f"{clean} of {proof.card.n_trials} drives without any help")
    tell(show, f"report: {proof.report}")


def show_cards(entrants: Sequence[Entrant], proofs: Sequence[Proof]) -> None:
    """Print several score cards side by side: each value, and below it its interval."""
    table = Table("measure", *(one.name for one in entrants))
    cards = [proof.card.as_json() for proof in proofs]
    for name in SHOWN:
        table.add_row(name, *(_with_interval(card, name) for card in cards))
    table.add_row("drives without any help", *(f"{in_words(c['clean_trials'])} of {c['n_trials']}" for c in cards))
    show.print(table)
    for one, proof in zip(entrants, proofs, strict=True):
        tell(show, f"report on {one.name}: {proof.report}")


def in_words(value: Any) -> str:
    """Return a figure, an interval or the parts of a figure for people; a dash where it could not be measured."""
    if value is None:
        return "-"
    if isinstance(value, dict):
        return "  ".join(f"{name} {in_words(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return " … ".join(in_words(item) for item in value)
    if not isinstance(value, float):
        return str(value)
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def _driven(policy: str, planned: Sequence[Trial], workers: int | None) -> list[Trace]:
    with progress("trials") as bars:
        places = ", ".join(dict.fromkeys(trial.environment for trial in planned))
        done = bars.add_task(f"driving {places}", total=len(planned))
        helped: dict[int, int] = {}

        def on_progress(news: Progress) -> None:
            helped[news.index] = news.interventions
            text = f"driving {news.trial.environment}, helped {sum(helped.values())} times"
            bars.update(done, completed=news.n_done, description=text)

        return run_trials(policy, planned, workers=workers, on_progress=on_progress)


def _report_folders(entrants: Sequence[Entrant], out: Path | None) -> list[Path]:
    """Return a folder for the report on each; policies that lie side by side must not share one."""
    usual = [_report_folder(one.driver) for one in entrants]
    if len(entrants) == 1:
        return [out or usual[0]]
    if out:
        return [out / re.sub(r"[^A-Za-z0-9._-]+", "-", one.name).strip("-.") for one in entrants]
    return [
        folder if usual.count(folder) == 1 else folder.with_name(f"evaluation-{Path(one.driver).stem}")
        for one, folder in zip(entrants, usual, strict=True)
    ]


def _report_folder(policy: str) -> Path:
    path = Path(policy)
    if policy.lower().endswith(POLICY_SUFFIXES):
        Policy.load(path)  # a wrong file is named before anything drives
        return path.parent / "evaluation"
    return Path(f"evaluation-{policy}")


def _write_page(path: Path, entrants: Sequence[Entrant], proofs: Sequence[Proof]) -> Path:
    """Write the page that compares all; the page of one alone is its report."""
    if len(proofs) > 1:
        driven = [Driven(one.name, proof.card, proof.traces) for one, proof in zip(entrants, proofs, strict=True)]
        return write_comparison(path, driven, command=typed())
    try:
        write_atomic(path, proofs[0].report.read_bytes())
    except OSError as error:
        raise CopycarError(f"cannot write the page {path}", str(error), "name another path") from error
    return path


def _as_json(entrants: Sequence[Entrant], proofs: Sequence[Proof]) -> dict[str, Any]:
    if len(proofs) == 1:
        return proofs[0].as_json()
    both = zip(entrants, proofs, strict=True)
    return {"policies": [{"policy": one.driver, "name": one.name, **proof.as_json()} for one, proof in both]}


def _gate(one: Entrant, card: ScoreCard, least_autonomy: float | None) -> int:
    autonomy = card.as_json()["autonomy_pct"]
    if least_autonomy is None or (autonomy is not None and autonomy >= least_autonomy):
        return EXIT_DONE
    log.print(f"[red]autonomy {in_words(autonomy)} of {one.name} is below {least_autonomy}[/]")
    return EXIT_GATE_FAILED


def _most_telling(traces: Sequence[Trace]) -> int:
    """Return the trial worth filming: the one that needed most help, else the first."""
    return max(range(len(traces)), key=lambda index: (len(traces[index].interventions), -index))


def _with_interval(card: dict[str, Any], name: str) -> str:
    value, interval = card[name], card["intervals"].get(name)
    if isinstance(value, dict):
        return "\n".join(f"{part} {in_words(item)}" for part, item in value.items())
    return in_words(value) if interval is None else f"{in_words(value)}  [dim]({in_words(interval)})[/]"
