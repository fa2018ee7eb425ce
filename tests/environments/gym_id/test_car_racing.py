import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from copycar.driving.drivers.expert import ExpertDriver
from copycar.driving.loop import drive
from copycar.environments import make_environment
from copycar.testing.check_environment import check_environment

pytest.importorskip("Box2D", reason="Box2D is not installed: pip install 'copycar[games]'")


@pytest.fixture
def racing():
    environment = make_environment("gym:CarRacing-v3")
    yield environment
    environment.close()


def without_pictures(environment, monkeypatch):
    black = np.zeros((96, 96, 3), np.uint8)
    monkeypatch.setattr(environment._game.unwrapped, "_render", lambda mode: black)
    return environment


@pytest.mark.slow
def test_it_keeps_both_contracts(racing, monkeypatch):
    check_env(without_pictures(racing, monkeypatch), skip_render_check=True)
    check_environment(racing)


def test_the_expert_drives_a_lap_on_the_road(racing, monkeypatch):
    without_pictures(racing, monkeypatch)
    errors = []
    report = drive(
        racing,
        ExpertDriver(racing.expert()),
        laps=1,
        seconds=60,
        seed=3,
        on_frame=lambda tick: errors.append(abs(tick.info["cross_track_error_m"])),
    )
    assert report.laps == 1
    assert max(errors) < racing.road_width_m / 2


def test_the_reward_is_the_games_own(racing, monkeypatch):
    game = gymnasium.make("CarRacing-v3")
    plain, wrapped = game.unwrapped, without_pictures(racing, monkeypatch)
    monkeypatch.setattr(plain, "_render", lambda mode: np.zeros((96, 96, 3), np.uint8))
    game.reset(seed=5)
    wrapped.reset(seed=5)
    total = sum(game.step(np.array([0.1, 0.5, 0.0], np.float32))[1] for _ in range(60))
    for _ in range(30):
        info = wrapped.step(np.array([0.1, 0.5], np.float32))[4]
    game.close()
    assert info["reward_total"] == pytest.approx(total)


def test_the_picture_is_the_games_own(racing):
    observation, _ = racing.reset(seed=1)
    assert observation["image"].shape == (96, 96, 3)
    green = observation["image"][..., 1].astype(int) - observation["image"][..., 0]
    assert (green[:80] > 40).mean() > 0.2  # grass
