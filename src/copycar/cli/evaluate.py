"""`copycar evaluate`: the proof. Closed loop in an environment, or offline on recordings."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.table import Table

from copycar.cli.numbers import Count, Percentage, Seed
from copycar.cli.output import log, print_json, progress, show, tell
from copycar.core.errors import EXIT_GATE_FAILED
from copycar.driving.make import POLICY_SUFFIXES
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.film import film_trial
from copycar.evaluation.offline import evaluate_offline
from copycar.evaluation.report.write import write_report
from copycar.evaluation.rollout import Progress, run_trials
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace
from copycar.evaluation.trial import DEFAULT_TRIALS, plan_trials


def evaluate(
    policy: str,
    *,
    on: list[str],
    trials: Count = DEFAULT_TRIALS,
    laps: Count = 3,
    split: Literal["train", "validation", "all"] = "all",
    seed: Seed = 0,
    workers: Count | None = None,
    out: Path | None = None,
    film: Annotated[bool, Parameter(negative="--no-film")] = True,
    least_autonomy: Percentage | None = None,
    json: bool = False,
) -> int:
    """Prove that a policy drives.

    Args:
        policy: the policy file; in an environment also a driver's name, such as expert.
        on: where: environments (closed loop), or tubs (offline errors, which say little about driving).
        trials: drives per environment, from several starts and in both directions.
        laps: laps per drive.
        split: which frames of a tub: those the training learned from, those it held out, or all.
        seed: of the small random offsets at the start.
        workers: processes; default: one per core.
        out: folder of the report; default: beside the policy. Tubs get none.
        film: put a film of one drive into the report.
        least_autonomy: exit with 1 when autonomy is below this percentage.
        json: print the result as one JSON object.
    """
    if any(Path(place).exists() or "*" in place for place in on):
        _offline(policy, on, split, json)
        return 0
    proof = prove(policy, on, trials=trials, laps=laps, seed=seed, workers=workers, out=out, film=film)
    if json:
        print_json(proof.as_json())
    else:
        show_card(proof)
    return _gate(proof.card, least_autonomy)


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
    """Drive all trials with progress bars, film one, and write the report."""
    out = out or _beside(policy)
    planned = plan_trials(environments, trials, laps, seed)
    with progress("trials") as bars:
        done = bars.add_task(f"driving {', '.join(environments)}", total=len(planned))
        helped: dict[int, int] = {}

        def on_progress(news: Progress) -> None:
            helped[news.index] = news.interventions
            text = f"driving {news.trial.environment}, helped {sum(helped.values())} times"
            bars.update(done, completed=news.n_done, description=text)

        traces = run_trials(policy, planned, workers=workers, on_progress=on_progress)
    card = ScoreCard.from_trials(traces, seed)
    out.mkdir(parents=True, exist_ok=True)
    if film:
        log.print("filming one drive …")
        about["film"] = film_trial(policy, planned[_most_telling(traces)], out / "film.mp4")
    about.setdefault("command", shlex.join(["copycar", *sys.argv[1:]]))
    about.setdefault("title", f"{Path(policy).stem} on {', '.join(environments)}")
    return Proof(card, traces, write_report(out, card, traces, **about))


def show_card(proof: Proof) -> None:
    """Print the score card for people."""
    table = Table("measure", "value", "95 % interval")
    values = proof.card.as_json()
    for name in (
        "route_completion_pct",
        "autonomy_pct",
        "interventions_per_lap",
        "driving_score",
        "laps",
        "cross_track_error_m",
        "lap_time_s",
        "latency_ms",
    ):
        table.add_row(name, _words(values[name]), _words(values["intervals"].get(name)))
    show.print(table)
    clean = proof.card.clean_trials
    if clean is not None:
        show.print(f"{clean} of {proof.card.n_trials} drives without any help")
    tell(show, f"report: {proof.report}")


def _offline(policy: str, tubs: Sequence[str], split: Literal["train", "validation", "all"], as_json: bool) -> None:
    with progress("frames") as bars:
        frames = bars.add_task("predicting", total=None)
        result = evaluate_offline(
            policy, tubs, split=split, on_progress=lambda done, total: bars.update(frames, completed=done, total=total)
        )
    if as_json:
        print_json({"offline": result})
        return
    table = Table(f"{result['n_frames']} frames ({split})", "policy", "guess the mean", "repeat the last")
    for axis in ("steering", "throttle"):
        figures = result[axis]
        table.add_row(
            f"{axis}: mean absolute error",
            *(_words(figures[name]) for name in ("mae", "baseline_mean_mae", "baseline_last_mae")),
        )
    show.print(table)
    if result["is_training_data"] and split != "validation":
        tell(
            show, "It has learned from these frames; --split validation judges on those that it has not seen.", "yellow"
        )
    tell(
        show, f"An offline error says little about driving. The proof: copycar evaluate {shlex.quote(policy)} --on oval"
    )


def _gate(card: ScoreCard, least_autonomy: float | None) -> int:
    if least_autonomy is None:
        return 0
    autonomy = card.as_json()["autonomy_pct"]
    if autonomy is not None and autonomy >= least_autonomy:
        return 0
    log.print(f"[red]autonomy {_words(autonomy)} is below {least_autonomy}[/]")
    return EXIT_GATE_FAILED


def _beside(policy: str) -> Path:
    path = Path(policy)
    if policy.lower().endswith(POLICY_SUFFIXES):
        Policy.load(path)  # a wrong file is named before anything drives
        return path.parent / "evaluation"
    return Path(f"evaluation-{policy}")


def _most_telling(traces: Sequence[Trace]) -> int:
    """Return the trial worth filming: the one that needed most help, else the first."""
    return max(range(len(traces)), key=lambda index: (len(traces[index].interventions), -index))


def _words(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return "  ".join(f"{name} {_words(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return " … ".join(_words(item) for item in value)
    return (
        f"{value:.3g}"
        if isinstance(value, float) and abs(value) < 100
        else f"{value:.1f}"
        if isinstance(value, float)
        else str(value)
    )
