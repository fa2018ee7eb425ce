import os
from pathlib import Path

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import Action
from copycar.environments.make import environments, make_environment, takes_camera_size
from copycar.environments.tuxkart.environment import TuxkartEnvironment, pressed
from copycar.environments.tuxkart.options import TuxkartOptions
from copycar.testing.check_environment import check_environment

FORWARD = Action(0.0, 0.5).as_array()


@pytest.fixture
def race(fake_game):
    environment = TuxkartEnvironment("circle", width=32, height=24)
    yield environment
    environment.close()


@pytest.mark.slow
def test_it_keeps_both_contracts(race):
    check_environment(race)
    check_env(race, skip_render_check=True)


def test_the_expert_finishes_a_lap_in_either_direction(race):
    for direction in (1, -1):
        observation, info = race.reset(options={"direction": direction})
        expert, errors = race.expert(), []
        while info["lap"] < 1 and info["sim_time_s"] < 60:
            observation, _, _, _, info = race.step(expert.act(observation, info).as_array())
            errors.append(abs(info["cross_track_error_m"]))
        assert info["lap"] == 1
        assert max(errors) < 1.0


def test_the_picture_is_the_mean_of_the_larger_one_that_the_game_draws(fake_game):
    environment = TuxkartEnvironment("circle", width=32, height=24, supersample=2, render_mode="rgb_array")
    observation, _ = environment.reset()
    assert observation["image"].shape == (24, 32, 3)
    assert environment.render().shape == (48, 64, 3)
    environment.close()


def test_without_pictures_there_is_no_image(fake_game):
    environment = TuxkartEnvironment("circle", pictures=False)
    assert environment.reset()[0] == {}
    environment.close()


def test_a_game_that_dies_says_its_last_words_and_the_next_reset_starts_another(race, monkeypatch):
    monkeypatch.setenv("FAKE_GAME_DIES_AT", "40")
    race.reset()
    with pytest.raises(DeviceError, match=r"status 11 and said: Segmentation fault in the fake game"):
        for _ in range(40):
            race.step(FORWARD)
    monkeypatch.delenv("FAKE_GAME_DIES_AT")
    race.reset()
    assert race.step(FORWARD)[4]["speed_mps"] > 0


def test_a_game_that_does_not_start_says_why(game_data, tmp_path, monkeypatch):
    (tmp_path / "pystk2.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(DeviceError, match=r"libEGL.so.1[^$]*apt-get install libgl1 libegl1"):
        TuxkartEnvironment("circle").reset()


def test_the_game_gets_folders_of_its_own_that_go_with_it(race):
    race.reset()
    home = Path(race._game._home.name)
    assert (home / "cache" / "PySuperTuxKart2").is_dir()
    race.close()
    assert not home.exists()


def test_a_broken_driver_is_stopped(race):
    race.reset()
    with pytest.raises(CopycarError, match="nan"):
        race.step(np.array([np.nan, 0.0], dtype=np.float32))


@pytest.mark.parametrize(
    ("name", "options", "fault"),
    [
        ("circel", {}, "did you mean circle"),
        ("pit", {}, "no race track 'pit'"),
        ("circle", {"kart": "tuxx"}, "did you mean tux"),
        ("circle", {"widht": 3}, "did you mean width"),
        ("no-such.toml", {}, "no settings file"),
    ],
)
def test_wrong_wishes_are_named_before_the_game_starts(game_data, name, options, fault):
    with pytest.raises(CopycarError, match=fault):
        TuxkartEnvironment(name, **options)


def test_a_file_describes_a_race(game_data, tmp_path):
    file = tmp_path / "race.toml"
    file.write_text('track = "circle"\nwidth = 96\nnitro_from = 0.9\n')
    environment = TuxkartEnvironment(str(file), height=64)
    assert environment.observation_space["image"].shape == (64, 96, 3)
    assert environment.options.nitro_from == 0.9


def test_actions_press_what_the_options_say():
    options = TuxkartOptions(track="circle", drift_from=0.8, nitro_from=0.9)
    hard = pressed(Action(-0.85, 0.95), options)
    assert (hard.steering, hard.acceleration, hard.brake, hard.drift, hard.nitro) == (-0.85, 0.95, False, True, True)
    soft = pressed(Action(0.3, -0.5), options)
    assert (soft.acceleration, soft.brake, soft.drift, soft.nitro) == (0.0, True, False, False)
    assert not pressed(Action(0.0, -0.05), options).brake


def test_it_is_listed_and_takes_the_cameras_size_of_a_policy():
    assert "tuxkart:lighthouse" in {entry["name"] for entry in environments()}
    assert takes_camera_size("tuxkart:lighthouse")


def test_the_same_actions_drive_the_same_way(race):
    ends = []
    for _ in range(2):
        race.reset(seed=3)
        ends.append([race.step(FORWARD)[4]["position_m"] for _ in range(20)][-1])
    assert ends[0] == ends[1]


@pytest.mark.slow
def test_the_real_game_keeps_the_contract_and_its_expert_drives():
    pytest.importorskip("pystk2", reason="the game is not installed: pip install 'copycar[games]'")
    try:
        environment = make_environment("tuxkart:zengarden", width=64, height=48)
    except CopycarError as missing:
        pytest.skip(str(missing))
    check_environment(environment)
    check_env(environment, skip_render_check=True)
    observation, info = environment.reset(options={"progress": 0.4})
    expert = environment.get_wrapper_attr("expert")()
    for _ in range(200):
        observation, _, _, _, info = environment.step(expert.act(observation, info).as_array())
    environment.close()
    assert info["distance_m"] > 80.0
    assert abs(info["cross_track_error_m"]) < 1.5
    assert observation["image"].std() > 10
