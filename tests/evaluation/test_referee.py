"""The referee on the circle of copycar.testing."""

import gymnasium
import numpy as np
import pytest
from circle import Circle

from copycar.core.frame import Action
from copycar.driving.drivers.expert import make as make_expert
from copycar.driving.loop import drive
from copycar.evaluation.referee import Referee
from copycar.evaluation.trace import ENVIRONMENT_ENDED, GIVEN_UP, LAPS_DONE, NO_RESCUE, STUCK, TIME_OVER
from copycar.evaluation.trial import Trial
from copycar.testing.driver import ScriptedDriver
from copycar.testing.environment import CircleExpert


def steady(steering, throttle):
    return ScriptedDriver(lambda *_: Action(steering, throttle))


def run(driver=None, trial=None, environment=None, **options):
    trial = trial or Trial("circle", laps=1)
    environment = environment or Circle()
    referee = Referee(environment, trial, **options)
    drive(referee, driver or make_expert(environment), seed=trial.seed, start=trial.reset_options())
    return referee.trace([])


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("progress", [0.0, 0.35, 0.9])
def test_a_good_driver_does_its_laps_from_anywhere_and_either_way_round(direction, progress):
    trace = run(trial=Trial("circle", progress=progress, direction=direction, laps=2))
    assert trace.ended == LAPS_DONE
    assert trace.is_clean
    assert trace.laps_driven[-1] == pytest.approx(2.0, abs=0.02)
    assert len(trace.lap_times_s()) == 2


def test_a_place_that_starts_where_it_starts_is_not_said_to_start_elsewhere():
    environment = Circle()
    environment.starts_anywhere = False
    referee = Referee(environment, Trial("circle", seed=3, progress=0.5, direction=-1, offset_m=0.1, laps=1))
    drive(referee, make_expert(environment), start=referee.start)
    trace = referee.trace([])
    assert trace.trial == Trial("circle", seed=3, laps=1)
    assert trace.ended == LAPS_DONE


def test_leaving_the_road_is_counted_and_the_drive_goes_on_from_the_middle():
    trace = run(steady(0.0, 0.5), max_interventions=3)
    assert [event.cause for event in trace.interventions] == ["off-track"] * 3
    first = trace.interventions[0]
    assert abs(trace.cross_track_error_m[first.tick]) > 0.4
    assert abs(trace.cross_track_error_m[first.tick + 1]) < 0.05
    assert np.hypot(first.x_m, first.y_m) > 2.4
    assert first.t_s == pytest.approx(trace.t_s[first.tick])


def test_too_many_interventions_end_the_trial():
    trace = run(steady(0.0, 0.5), max_interventions=4)
    assert trace.ended == GIVEN_UP
    assert len(trace.interventions) == 4


def test_a_car_that_never_moves_is_stuck_again_and_again():
    trace = run(steady(0.0, 0.0))
    assert {event.cause for event in trace.interventions} == {STUCK}
    assert trace.ended == GIVEN_UP
    assert trace.duration_s == pytest.approx(30.0, abs=0.1)  # ten times three seconds


def test_a_slow_car_runs_out_of_time_at_the_pace_of_thirty_centimetres_a_second():
    expert = CircleExpert()
    crawl = ScriptedDriver(lambda _, seen, info: Action(expert.act(seen, info).steering, 0.05))
    trace = run(crawl)
    assert trace.ended == TIME_OVER
    assert trace.duration_s == pytest.approx(trace.road.length_m / 0.3, abs=0.1)


def test_without_a_rescue_the_first_intervention_ends_the_trial():
    class NoRescue(Circle):
        rescue = None

    trace = run(steady(0.0, 0.5), environment=NoRescue())
    assert trace.ended == NO_RESCUE
    assert len(trace.interventions) == 1


def test_an_environment_that_ends_the_drive_itself_is_believed():
    trace = run(steady(0.0, 0.5), environment=Circle(ends_off_track=True))
    assert trace.ended == ENVIRONMENT_ENDED
    assert len(trace.interventions) == 1


def test_what_the_environment_does_not_tell_is_nan():
    class Silent(gymnasium.Wrapper):
        def reset(self, **options):
            return self.env.reset(**options)[0], {"sim_time_s": 0.0}

        def step(self, action):
            observation, reward, _, _, info = self.env.step(action)
            return observation, reward, False, info["sim_time_s"] > 1, {"sim_time_s": info["sim_time_s"]}

    trace = run(steady(0.0, 0.5), environment=Silent(Circle()))
    assert trace.n_laps is None
    assert np.isnan(trace.cross_track_error_m).all()
    assert trace.duration_s > 0.9
