"""Drives many trials, side by side in worker processes, and returns what happened. Knows no metrics.

The order of the results, and every number but the latency, is the same for any number of workers.
"""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import SpawnContext
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.environments.make import is_single
from copycar.evaluation import worker
from copycar.evaluation.stage import Stage
from copycar.evaluation.trace import Trace
from copycar.evaluation.trial import DEFAULT_TRIALS, Trial, plan_trials
from copycar.tubs.parallel import usable_cores

_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an evaluation is.

    Attributes:
        index: the trial that this is news of.
        trial: what it drives.
        share: how much of that trial is driven, 0 … 1.
        interventions: in that trial so far.
        is_done: whether that trial is finished.
        n_done, n_trials: finished trials, and all.
    """

    index: int
    trial: Trial
    share: float
    interventions: int
    is_done: bool
    n_done: int
    n_trials: int


OnProgress = Callable[[Progress], None]


def evaluate_rollout(  # noqa: PLR0913 - one evaluation, described in one call
    driver: str | Path,
    environments: Sequence[str],
    *,
    trials: int = DEFAULT_TRIALS,
    laps: int = 3,
    seed: int = 0,
    workers: int | None = None,
    options: Mapping[str, Any] | None = None,
    on_progress: OnProgress | None = None,
) -> list[Trace]:
    """Let `driver` drive in `environments`, and return one trace per trial, in planned order.

    Args:
        driver: a policy file `*.onnx`, or the name of a registered driver ("expert").
        environments: names for `make_environment`.
        trials: per environment; starts are spread over the lap, both directions.
        laps: per trial.
        seed: the same seed drives the same trials.
        workers: processes; default: one per usable core. 1 drives in this process, without any other. Where a world
            is there only once (one window, one simulator) it is always 1.
        options: for `make_environment`.
        on_progress: is told, in the calling thread, about five times a second and after every trial.

    Raises:
        CopycarError: unknown environment or driver, unfit policy, or a worker that died.
        KeyboardInterrupt: Ctrl-C; all workers have ended then.
    """
    planned = plan_trials(environments, trials, laps, seed)
    return run_trials(str(driver), planned, workers=workers, options=options, on_progress=on_progress)


def run_trials(
    driver: str,
    trials: Sequence[Trial],
    *,
    workers: int | None = None,
    options: Mapping[str, Any] | None = None,
    on_progress: OnProgress | None = None,
) -> list[Trace]:
    """Drive the given trials; see `evaluate_rollout`."""
    news = _News(trials, on_progress)
    n_workers = 1 if _is_shared(trials) else min(len(trials), workers or usable_cores())
    if n_workers <= 1:
        return _run_here(driver, options or {}, news)
    return _run_side_by_side(driver, options or {}, news, n_workers)


class _News:
    """Passes on how far each trial is."""

    def __init__(self, trials: Sequence[Trial], on_progress: OnProgress | None) -> None:
        self.trials, self._tell, self._n_done = list(trials), on_progress, 0

    def running(self, index: int, share: float, interventions: int) -> None:
        self._pass_on(index, share, interventions, is_done=False)

    def done(self, index: int, trace: Trace) -> None:
        self._n_done += 1
        self._pass_on(index, 1.0, len(trace.interventions), is_done=True)

    def _pass_on(self, index: int, share: float, interventions: int, *, is_done: bool) -> None:
        if self._tell:
            trial = self.trials[index]
            self._tell(Progress(index, trial, share, interventions, is_done, self._n_done, len(self.trials)))


def _run_here(driver: str, options: Mapping[str, Any], news: _News) -> list[Trace]:
    stage = Stage(driver, options, lambda: False)
    traces = []
    try:
        for index, trial in enumerate(news.trials):
            traces.append(stage.run(trial, worker.from_time_to_time(partial(news.running, index))))
            news.done(index, traces[-1])
    finally:
        stage.close()
    return traces


def _run_side_by_side(driver: str, options: Mapping[str, Any], news: _News, n_workers: int) -> list[Trace]:
    context = get_context("spawn")  # the only start method that every system has, and that no thread can break
    stop, messages = context.Event(), context.SimpleQueue()
    pool = _pool(context, n_workers, (driver, dict(options), stop, messages))
    try:
        with _children_ignore_interrupts():
            futures = [pool.submit(worker.run, index, trial) for index, trial in enumerate(news.trials)]
        return _collect(futures, messages, news)
    except BrokenProcessPool as error:
        raise _worker_died() from error
    finally:
        stop.set()  # a normal end finds nobody driving; after a fault or Ctrl-C all end at their next tick
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(context: SpawnContext, n_workers: int, initial: tuple[Any, ...]) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(n_workers, mp_context=context, initializer=worker.prepare, initargs=initial)


def _collect(futures: list[Future[Trace]], messages: "SimpleQueue[Any]", news: _News) -> list[Trace]:
    pending, order = set(futures), {future: index for index, future in enumerate(futures)}
    while pending:
        done, pending = wait(pending, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        while not messages.empty():
            news.running(*messages.get())
        for future in done:
            news.done(order[future], future.result())
    return [future.result() for future in futures]


@contextmanager
def _children_ignore_interrupts() -> Iterator[None]:
    """Let processes that are started here ignore Ctrl-C from their first moment: this process tells them to stop."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread: Ctrl-C does not reach us, and workers ignore it as soon as they can
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _worker_died() -> CopycarError:
    return CopycarError(
        "a worker process of the evaluation died",
        "it ran out of memory, or your script starts the evaluation while it is being imported",
        'use fewer workers (workers=1 needs none), or start it under `if __name__ == "__main__":`',
    )


def _is_shared(trials: Sequence[Trial]) -> bool:
    return any(is_single(trial.environment) for trial in trials)
