"""Trials in this process and in workers, on the circle of copycar.testing."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import circle
import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.evaluation.rollout import evaluate_rollout
from copycar.evaluation.score_card import ScoreCard

DETERMINED = ("t_s", "position_m", "cross_track_error_m", "steering", "throttle", "laps_driven")


def assert_same(traces, others):
    assert [trace.trial for trace in traces] == [trace.trial for trace in others]
    for trace, other in zip(traces, others, strict=True):
        for name in DETERMINED:
            np.testing.assert_array_equal(getattr(trace, name), getattr(other, name))


def test_the_expert_drives_every_lap_without_help():
    card = ScoreCard.from_trials(evaluate_rollout("expert", [circle.NAME], laps=2, workers=1))
    assert card.n_trials == 10
    assert card.values["laps"] == 20
    assert card.values["driving_score"] == 100.0
    assert card.clean_trials == 10


def test_the_same_seed_drives_the_same_and_another_does_not():
    first, again, other = (
        evaluate_rollout("expert", [circle.NAME], trials=2, laps=1, workers=1, seed=s) for s in (0, 0, 1)
    )
    assert_same(first, again)
    assert not np.array_equal(first[0].position_m, other[0].position_m)


@pytest.mark.slow
def test_workers_drive_exactly_what_one_process_drives():
    news = []
    alone = evaluate_rollout("expert", [circle.NAME], trials=4, laps=1, workers=1)
    together = evaluate_rollout("expert", [circle.NAME], trials=4, laps=1, workers=2, on_progress=news.append)
    assert_same(alone, together)
    assert sorted(one.index for one in news if one.is_done) == [0, 1, 2, 3]
    assert news[-1].n_done == news[-1].n_trials == 4
    assert all(np.isfinite(trace.latency_ms).all() for trace in together)


def test_progress_is_told_within_a_trial_and_at_its_end():
    news = []
    evaluate_rollout("expert", [circle.NAME], trials=1, laps=1, workers=1, on_progress=news.append)
    assert not news[0].is_done
    assert news[0].share < 1.0
    assert news[-1].is_done
    assert news[-1].share == 1.0


def test_an_unknown_environment_or_driver_is_named():
    with pytest.raises(CopycarError, match="ovall"):
        evaluate_rollout("expert", ["track:ovall"], trials=1, workers=1)
    with pytest.raises(CopycarError, match="unknown driver"):
        evaluate_rollout("expart", [circle.NAME], trials=1, workers=1)


@pytest.mark.slow
def test_a_fault_in_a_worker_arrives_as_it_is():
    with pytest.raises(CopycarError, match="unknown driver"):
        evaluate_rollout("expart", [circle.NAME], trials=2, workers=2)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a Unix idea")
@pytest.mark.parametrize(("blow", "to_all"), [(signal.SIGINT, True), (signal.SIGKILL, False)])
def test_no_worker_outlives_an_evaluation_that_was_stopped(tmp_path, blow, to_all):
    """Ctrl-C reaches the whole group of processes; a kill only the parent."""
    script = tmp_path / "long.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import multiprocessing, signal, sys
            import circle
            from copycar.evaluation.rollout import evaluate_rollout

            def tell(progress):
                print(*[child.pid for child in multiprocessing.active_children()], flush=True)

            if __name__ == "__main__":
                signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, wherever the tests run
                try:
                    evaluate_rollout("expert", ["{circle.NAME}"], trials=2, laps=100_000, workers=2, on_progress=tell)
                except KeyboardInterrupt:
                    sys.exit(130)
            """
        )
    )
    path = os.pathsep.join([str(Path(circle.__file__).parent), *sys.path])
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    workers = [int(word) for word in process.stdout.readline().split()]
    assert len(workers) == 2
    os.killpg(process.pid, blow) if to_all else os.kill(process.pid, blow)
    _, errors = process.communicate(timeout=30)  # returns when the last worker has closed the pipes, too
    assert process.returncode == (130 if to_all else -blow)
    assert "Traceback" not in errors
    assert not any(is_alive(worker) for worker in workers)


def is_alive(pid):
    """Whether the process runs; one that has ended and waits to be collected by init does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
