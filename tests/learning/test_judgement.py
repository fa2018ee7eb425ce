import numpy as np
import pytest

from copycar.learning.judgement import axis_figures, offline_figures

NAN = np.nan


def test_figures_agree_with_those_done_by_hand():
    predicted = np.array([0.0, 0.5, 1.0, -0.5])
    labels = np.array([0.0, 1.0, 0.5, -0.5])  # errors 0, -0.5, 0.5, 0
    previous = np.array([NAN, 0.0, 1.0, NAN])  # steps 1 and 0.5
    figures = axis_figures(predicted, labels, previous, train_mean=0.5)
    assert figures["mae"] == pytest.approx(0.25)
    assert figures["rmse"] == pytest.approx(np.sqrt(0.125))
    # mean 0.25: squares 0.0625 + 0.5625 + 0.0625 + 0.5625 = 1.25, variance 0.3125
    assert figures["r2"] == pytest.approx(1 - 0.125 / 0.3125)
    assert figures["baseline_mean_mae"] == pytest.approx((0.5 + 0.5 + 0.0 + 1.0) / 4)
    assert figures["baseline_last_mae"] == pytest.approx(0.75)


def test_what_cannot_be_measured_is_none_and_not_zero():
    figures = axis_figures(np.array([0.1, 0.3]), np.array([0.2, 0.2]), np.array([NAN, NAN]), train_mean=0.2)
    assert figures["mae"] == pytest.approx(0.1)
    assert figures["r2"] is None  # constant labels have no spread to explain
    assert figures["baseline_last_mae"] is None
    assert figures["baseline_mean_mae"] == 0.0


def test_a_perfect_prediction_explains_everything():
    labels = np.array([-0.2, 0.4, 0.9])
    figures = axis_figures(labels, labels, np.full(3, NAN), train_mean=0.0)
    assert (figures["mae"], figures["rmse"], figures["r2"]) == (0.0, 0.0, 1.0)


def test_each_axis_is_judged_by_its_own_column():
    labels = np.array([[0.5, 0.1], [-0.5, 0.3]])
    figures = offline_figures(labels + np.array([0.1, -0.2]), labels, np.full((2, 2), NAN), np.array([0.0, 0.2]))
    assert figures["steering"]["mae"] == pytest.approx(0.1)
    assert figures["throttle"]["mae"] == pytest.approx(0.2)
    assert figures["throttle"]["baseline_mean_mae"] == pytest.approx(0.1)
    assert figures["n_frames"] == 2
