"""How far a run is, in numbers."""

import os

import pytest

from copycar.learning.run import Run
from copycar.learning.run_progress import run_progress


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path)
    run.update(state="training", n_epochs=5)
    for number, error in ((1, 0.3), (2, 0.2)):
        figures = {"steering_mae": error, "steering_baseline_mean_mae": 0.4}
        run.log({"number": number, "loss": error / 2, "images_per_s": 100.0, "seconds": 10.0, "figures": figures})
    os.utime(tmp_path / "metrics.jsonl", (1000, 1000))
    return run


def test_the_time_left_is_that_of_the_epochs_to_come_less_what_has_passed(run):
    assert run_progress(run, now_s=1004.0).left_s == pytest.approx(26.0)


def test_an_epoch_that_takes_longer_than_usual_counts_as_nearly_done(run):
    assert run_progress(run, now_s=2000.0).left_s == pytest.approx(20.0)


def test_errors_stand_beside_their_baseline(run):
    progress = run_progress(run)
    assert (progress.epochs, progress.error, progress.baseline) == ([1, 2], [0.3, 0.2], 0.4)


def test_before_the_first_epoch_nothing_is_known(tmp_path):
    run = Run(tmp_path)
    run.update(state="training", n_epochs=5)
    progress = run_progress(run)
    assert (progress.images_per_s, progress.left_s, progress.baseline) == (None, None, None)
