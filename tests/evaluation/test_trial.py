import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.evaluation.trial import HEADING_OFFSET_RAD, OFFSET_M, plan_trials


def test_ten_trials_start_at_five_places_both_ways_round():
    trials = plan_trials(["track:oval"], 10)
    assert sorted({trial.progress for trial in trials}) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])
    assert sum(trial.direction for trial in trials) == 0


def test_the_same_seed_plans_the_same_trials_and_another_one_shares_none():
    assert plan_trials(["a"], seed=1) == plan_trials(["a"], seed=1)
    assert not {trial.seed for trial in plan_trials(["a"], seed=1)} & {
        trial.seed for trial in plan_trials(["a"], seed=2)
    }


def test_every_environment_gets_its_own_trials_from_the_same_starts():
    trials = plan_trials(["a", "b"], 4)
    assert [trial.environment for trial in trials] == ["a"] * 4 + ["b"] * 4
    assert [trial.reset_options() for trial in trials[:4]] == [trial.reset_options() for trial in trials[4:]]


@given(st.integers(1, 40), st.integers(0, 10_000))
def test_starts_are_on_the_lap_and_near_the_middle_of_the_road(trials, seed):
    for trial in plan_trials(["a"], trials, seed=seed):
        assert 0.0 <= trial.progress < 1.0
        assert abs(trial.offset_m) <= OFFSET_M
        assert abs(trial.heading_offset_rad) <= HEADING_OFFSET_RAD


@pytest.mark.parametrize(("environments", "trials", "laps"), [([], 10, 3), (["a"], 0, 3), (["a"], 10, 0)])
def test_nothing_to_drive_is_an_error(environments, trials, laps):
    with pytest.raises(CopycarError, match="nothing to evaluate"):
        plan_trials(environments, trials, laps)
