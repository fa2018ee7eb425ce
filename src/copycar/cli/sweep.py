"""`copycar sweep`: search for good settings, on several cores or machines, and go on whenever you like."""

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from rich.table import Table

from copycar.cli.numbers import Count
from copycar.cli.output import counting, log, print_json, quoted, show, tell, typed
from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.evaluation.rollout import run_trials
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trial import plan_trials
from copycar.learning.run import Run, now_utc
from copycar.learning.search_space import USUAL_SPACE, Space, read_space
from copycar.learning.settings import TrainSettings
from copycar.learning.sweep import Sweep
from copycar.tubs.parallel import usable_cores

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.trained import Trained

USUAL = TrainSettings()
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Job:
    """What every process of a sweep works on.

    Attributes:
        tubs: to learn from.
        settings: what is not searched.
        space: what is.
        on: environments whose driving score judges; empty: the score on held-out frames.
        drives: per environment.
        n_trials: finished ones of the whole sweep.
        out: the sweep's folder.
        threads: of each training.
    """

    tubs: tuple[str, ...]
    settings: TrainSettings
    space: Space
    on: tuple[str, ...]
    drives: int
    n_trials: int
    out: Path
    threads: int

    @property
    def objective(self) -> str:
        """What is improved, in words."""
        return f"driving score on {', '.join(self.on)}" if self.on else "score on held-out frames"


def sweep(
    *tubs: str,
    settings: Annotated[TrainSettings, Parameter(name="*")] = USUAL,
    trials: Count = 20,
    jobs: Count = 1,
    space: Path | None = None,
    on: tuple[str, ...] = (),
    drives: Count = 4,
    out: Path = Path("sweep"),
    json: bool = False,
) -> None:
    """Search for good settings.

    The same command goes on with a sweep that was interrupted, and helps with one that runs on another machine: all
    that they share is --out.

    Args:
        tubs: folders of recordings (donkeycar tub v2), or glob patterns.
        settings: of every trial, where they are not searched.
        trials: how many are to be finished, all processes and machines together.
        jobs: processes on this machine.
        space: TOML file of what is tried, a section per setting: low, high and log = true, or choices.
        on: judge by the driving score in these environments; default: by the score on held-out frames.
        drives: drives per environment and trial.
        out: folder of the sweep.
        json: print the result as one JSON object.
    """
    if not tubs:
        raise CopycarError("no tub was named", fix="copycar sweep TUB, for example: copycar sweep data")
    tried = read_space(space) if space else USUAL_SPACE
    threads = settings.threads or max(1, usable_cores() // jobs)
    job = Job(tubs, settings, tried, on, drives, trials, out, threads)
    helpers: list[BaseProcess] = []
    try:
        helpers += [_helper(job, number) for number in range(1, jobs)]
        search = work(job, 0)
        for helper in helpers:
            helper.join()
    except KeyboardInterrupt:
        tell(log, f"Interrupted. Finished trials are safe in {out}; go on with: {typed()}")
        raise
    finally:
        for helper in helpers:
            helper.terminate()
    found = {"objective": job.objective, "direction": search.direction, **search.results()}
    if json:
        print_json(found)
    else:
        _show(found)


def work(job: Job, number: int) -> Sweep:
    """Run trials until the sweep has as many as it wants; `number` tells this process from others."""
    from copycar.learning.training import Training  # noqa: PLC0415 - torch

    with counting("reading") as on_progress:
        data = Training(job.tubs, job.settings).load(on_progress)
    direction: Literal["minimize", "maximize"] = "maximize" if job.on else "minimize"
    about = {"data": data.fingerprint, "objective": job.objective}
    search = Sweep(job.out, job.space, direction, about)

    def judge(tried: dict[str, Any], folder: Path) -> float:
        values = job.settings.model_dump() | {"threads": job.threads} | tried
        training = Training(job.tubs, build(TrainSettings, values, "the space"), out=folder)
        return _figure(job, training.train(data))

    search.work(judge, job.n_trials, job.settings.seed + number, on_trial=_tell_trial)
    return search


def _helper(job: Job, number: int) -> BaseProcess:
    helper = multiprocessing.get_context("spawn").Process(target=work, args=(job, number), daemon=True)
    helper.start()
    return helper


def _figure(job: Job, trained: "Trained") -> float:
    if not job.on:
        kept = next(epoch for epoch in reversed(trained.run.epochs()) if epoch["is_best"])
        return float(kept["figures"]["score"])
    planned = plan_trials(job.on, job.drives, laps=1, seed=job.settings.seed)
    card = ScoreCard.from_trials(run_trials(str(trained.run.policy), planned, workers=job.threads), job.settings.seed)
    trained.run.note_score(card.as_json(), {"date": now_utc(), "on": list(job.on)})
    score = card.as_json()["driving_score"]
    if score is None:
        raise CopycarError(f"{', '.join(job.on)} cannot tell a driving score", fix="name a track, such as --on oval")
    return float(score)


def _tell_trial(trial: Any) -> None:
    tried = "  ".join(f"{name} {_number(value)}" for name, value in trial.params.items())
    tell(log, f"trial {trial.number:3d}  {trial.value:.4f}  {tried}")


def _show(found: Mapping[str, Any]) -> None:
    best = found["best"]
    names = list(best["settings"])
    tell(show, f"{found['objective']}: {'more' if found['direction'] == 'maximize' else 'less'} is better")
    table = Table("trial", "score", *(name.replace("_", " ") for name in names))
    for trial in _ranked(found)[:SHOWN]:
        tried = (_number(trial["settings"][name]) for name in names)
        table.add_row(str(trial["number"]), f"{trial['value']:.4f}", *tried)
    show.print(table)
    if found["importances"]:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in found["importances"].items())
        tell(show, f"what mattered: {shares}")
    run = Run(Path(best["run"]))
    tell(show, f"best: {run.policy}, of {len(_ranked(found))} finished trials")
    again = f"copycar train TUB --seeds 5 --config {quoted(run.folder / 'run.toml')}"
    tell(show, f"The best of many is partly luck. See how much it varies: {again}")


def _ranked(found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    done = [trial for trial in found["trials"] if trial["value"] is not None]
    return sorted(done, key=lambda trial: trial["value"], reverse=found["direction"] == "maximize")


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
