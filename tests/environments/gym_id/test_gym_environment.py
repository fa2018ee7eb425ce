from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from copycar.core.errors import CopycarError
from copycar.environments import make_environment
from copycar.testing.check_environment import check_environment


class Foreign(gymnasium.Env[Any, Any]):
    """A grey game that is steered the other way round and ends after ten steps."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012 - gymnasium's own attribute
    observation_space = gymnasium.spaces.Dict({"eye": gymnasium.spaces.Box(0, 255, (8, 12), np.uint8)})
    action_space = gymnasium.spaces.Box(-2.0, 2.0, (2,), np.float32)

    def __init__(self, render_mode=None):
        self.render_mode, self.actions = render_mode, []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.actions = []
        return self._seen(), {}

    def step(self, action):
        self.actions.append(action)
        return self._seen(), 1.0, len(self.actions) == 10, False, {"score": len(self.actions)}

    def render(self):
        return np.full((6, 9, 3), 7, np.uint8)

    def _seen(self):
        return {"eye": np.full((8, 12), len(self.actions), np.uint8)}


@pytest.fixture
def foreign(monkeypatch, tmp_path):
    monkeypatch.setitem(
        gymnasium.registry, "Foreign-v0", gymnasium.envs.registration.EnvSpec("Foreign-v0", entry_point=Foreign)
    )

    def make(more="", **options):
        file = tmp_path / "foreign.toml"
        file.write_text(
            'id = "Foreign-v0"\naction = [{of = "throttle"}, {of = "steering", scale = -2}]\n' + more, encoding="utf-8"
        )
        return make_environment(f"gym:{file}", **options)

    return make


def test_a_game_keeps_both_contracts(foreign):
    environment = foreign('key = "eye"')
    check_env(environment, skip_render_check=True)
    check_environment(environment)


def test_the_mapping_says_what_is_pressed(foreign):
    environment = foreign('key = "eye"\nrepeat = 3')
    environment.reset(seed=0)
    observation, reward, _, _, info = environment.step(np.array([0.5, 0.25], np.float32))
    assert [action.tolist() for action in environment._game.unwrapped.actions] == [[0.25, -1.0]] * 3
    assert (observation["image"] == 3).all()
    assert (reward, info["reward_total"], info["score"]) == (3.0, 3.0, 3)
    assert info["sim_time_s"] == pytest.approx(0.3)


def test_a_drive_may_outlast_the_games_episode_and_its_score_stands(foreign):
    environment = foreign('key = "eye"\nends = false')
    environment.reset(seed=0)
    steps = [environment.step(np.zeros(2, np.float32)) for _ in range(12)]
    assert not any(terminated for _, _, terminated, _, _ in steps)
    assert steps[-1][4]["reward_total"] == 10.0


def test_the_game_may_draw_its_own_picture(foreign):
    environment = foreign('picture = "render"')
    observation, _ = environment.reset(seed=0)
    assert observation["image"].shape == (6, 9, 3)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gym:CarRasing-v3", "did you mean CarRacing-v3"),
        ("gym:Pendulum-v1", "the mapping gives 2 numbers"),
        ("gym:CartPole-v1", "write them into a TOML file"),
        ("gym:MountainCarContinuous-v0", "the mapping gives 2 numbers"),
        ("gym:nowhere.toml", "no settings file"),
    ],
)
def test_what_cannot_be_driven_says_why(name, message):
    with pytest.raises(CopycarError, match=message):
        make_environment(name)


def test_an_observation_that_is_no_picture_is_refused(foreign):
    with pytest.raises(CopycarError, match="shows no picture"):
        foreign()
    with pytest.raises(CopycarError, match="Known: eye"):
        foreign('key = "ey"')


def test_a_driver_must_return_numbers(foreign):
    environment = foreign('key = "eye"')
    environment.reset(seed=0)
    with pytest.raises(CopycarError, match="must return numbers"):
        environment.step(np.array([np.nan, 0.0], np.float32))


def test_a_start_that_cannot_be_had_is_refused_and_not_ignored(foreign):
    with pytest.raises(CopycarError, match="leave --start and --reverse out"):
        foreign('key = "eye"').reset(options={"progress": 0.5})
