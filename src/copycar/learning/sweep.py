"""A search for good settings, on one file that several processes and machines may share. Knows Optuna, and no data.

What a trial trains and how it is judged is the caller's business: a function from settings and folder to a figure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from copycar.core.errors import CopycarError, require
from copycar.learning.search_space import Dimension, Space

JOURNAL = "sweep.journal"
NAME = "copycar"

LEAST_TRIALS = 8
"""Below so many, importances are chance."""

Judge = Callable[[dict[str, Any], Path], float]
"""Trains with these settings into this folder, and returns the figure to improve."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A search in a folder.

    Attributes:
        folder: its journal and one run per trial, `trial-007`.
        space: what is tried.
        direction: whether less or more of the figure is better.
        about: plain facts that must be the same whenever it is gone on with, such as the tubs.
    """

    folder: Path
    space: Space
    direction: Literal["minimize", "maximize"]
    about: Mapping[str, Any]

    def work(self, judge: Judge, n_trials: int, seed: int, on_trial: Callable[[Any], None] | None = None) -> None:
        """Run trials until `n_trials` of the whole sweep are finished, whoever ran them. Ctrl-C loses one trial.

        Args:
            judge: trains and judges.
            n_trials: finished ones of the whole sweep.
            seed: of this process's proposals.
            on_trial: told after each.

        Raises:
            CopycarError: Optuna is not installed, or the folder holds another sweep.
        """
        optuna = require("optuna", "sweep")
        study = self._study(seed)

        def objective(trial: Any) -> float:
            folder = self.folder / f"trial-{trial.number:03d}"
            trial.set_user_attr("run", str(folder))
            try:
                return judge({name: suggest(trial, name, one) for name, one in self.space.items()}, folder)
            except CopycarError as error:
                if n_finished(study) == 0:  # perhaps none can be trained
                    raise
                raise optuna.TrialPruned(str(error)) from error  # its settings are bad: go on with others

        def stop_when_done(study: Any, trial: Any) -> None:
            if on_trial and trial.value is not None:
                on_trial(trial)
            if n_finished(study) >= n_trials:
                study.stop()

        if n_finished(study) < n_trials:
            study.optimize(objective, callbacks=[stop_when_done])

    def results(self) -> dict[str, Any]:
        """Return `"best"`, `"trials"` and `"importances"`; best is None before the first trial is finished."""
        study = self._study(seed=0)
        trials = [_as_json(trial) for trial in study.get_trials()]
        done = [trial for trial in trials if trial["value"] is not None]
        order = min if self.direction == "minimize" else max
        best = order(done, key=lambda trial: trial["value"]) if done else None
        return {"best": best, "trials": trials, "importances": _importances(study, len(done))}

    def _study(self, seed: int) -> Any:
        optuna = require("optuna", "sweep")
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.folder.mkdir(parents=True, exist_ok=True)
        backend = optuna.storages.journal.JournalFileBackend(str(self.folder / JOURNAL))
        sampler = optuna.samplers.TPESampler(seed=seed, constant_liar=True)  # others' unfinished trials count as bad
        study = optuna.create_study(
            storage=optuna.storages.JournalStorage(backend),
            study_name=NAME,
            sampler=sampler,
            direction=self.direction,
            load_if_exists=True,
        )
        self._require_same(study)
        return study

    def _require_same(self, study: Any) -> None:
        space = {name: one.model_dump() for name, one in self.space.items()}
        about = {**self.about, "direction": self.direction, "space": space}
        known = study.user_attrs
        if other := [name for name in about if name in known and known[name] != about[name]]:
            raise CopycarError(
                f"{self.folder} holds another sweep",
                "; ".join(f"its {name} is {known[name]} and not {about[name]}" for name in other),
                "go on with the same command, or name another --out",
            )
        for name in about.keys() - known.keys():
            study.set_user_attr(name, about[name])


def suggest(trial: Any, name: str, dimension: Dimension) -> Any:
    """Return Optuna's proposal for one setting."""
    if dimension.choices:
        return trial.suggest_categorical(name, dimension.choices)
    assert dimension.low is not None
    assert dimension.high is not None
    if dimension.whole:
        return trial.suggest_int(name, int(dimension.low), int(dimension.high), log=dimension.log)
    return trial.suggest_float(name, dimension.low, dimension.high, log=dimension.log)


def n_finished(study: Any) -> int:
    """Return how many trials have a figure."""
    return sum(trial.value is not None for trial in study.get_trials(deepcopy=False))


def _as_json(trial: Any) -> dict[str, Any]:
    return {
        "number": trial.number,
        "state": trial.state.name.lower(),
        "value": trial.value,
        "settings": dict(trial.params),
        "run": trial.user_attrs.get("run"),
    }


def _importances(study: Any, n_done: int) -> dict[str, float] | None:
    """Return how much each setting matters for the figure (PED-ANOVA, Watanabe et al. 2023); None for few trials."""
    if n_done < LEAST_TRIALS:
        return None
    optuna = require("optuna", "sweep")
    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {name: float(value) for name, value in found.items()}
