"""The whole way, for real: a cartridge of our own in the emulator, seen on its hidden screen, steered by its stick."""

import shutil
import socket
import threading

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from road_game import read_strip

from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import Action
from copycar.environments.make import make_environment
from copycar.environments.n64 import environment as n64
from copycar.environments.n64 import plugin
from copycar.environments.n64.emulator import is_black
from copycar.environments.n64.environment import N64Environment
from copycar.environments.n64.watching import Window
from copycar.testing.check_environment import check_environment

GO = Action(0.0, 1.0).as_array()


@pytest.fixture(scope="module")
def road(game):
    environment = N64Environment(str(game), render_mode="rgb_array")
    yield environment
    environment.close()


@pytest.mark.slow
def test_it_keeps_both_contracts(road):
    check_environment(road)
    check_env(road, skip_render_check=True)


@pytest.mark.slow
def test_every_picture_shows_what_was_held_for_it(road):
    road.reset()
    for stick in (*range(-80, 81, 8), 1, -1):
        _, _, _, _, info = road.step(Action(stick / 80, 0.5).as_array())
        assert info["stick"] == stick


@pytest.mark.slow
def test_the_expert_keeps_the_road_through_the_analog_stick_and_laps_are_read_off_the_screen(road):
    observation, info = road.reset()
    expert, errors = road.expert(), []
    for _ in range(300):  # twenty seconds of the game, through three bends
        observation, _, _, _, info = road.step(expert.act(observation, info).as_array())
        errors.append(abs(info["cross_track_error_m"]))
    assert info["sim_time_s"] == pytest.approx(20.0)
    assert info["progress"] > 0.3
    assert max(errors) < 0.5


@pytest.mark.slow
def test_without_steering_it_leaves_the_road_and_a_rescue_brings_it_back(road):
    road.reset()
    is_off_track = [road.step(GO)[4]["is_off_track"] for _ in range(150)]
    assert not is_off_track[20]
    assert is_off_track[-1]
    _, info = road.rescue()
    assert not info["is_off_track"]
    assert info["progress"] > 0.05


@pytest.mark.slow
def test_the_policy_sees_no_strip_and_people_do(road):
    observation, _ = road.reset()
    assert observation["image"].shape == (120, 160, 3)
    assert observation["image"][:4].max() == 0
    assert observation["image"][10:].std() > 20
    assert read_strip(road.render()) is not None


@pytest.mark.slow
def test_a_dead_emulator_is_said_and_the_next_reset_switches_another_on(game):
    environment = N64Environment(str(game))
    environment.reset()
    environment._emulator._process.kill()
    with pytest.raises(DeviceError, match="the emulator is gone"):
        environment.step(GO)
    environment.reset()
    assert environment.step(GO)[4]["speed_mps"] > 0
    environment.close()


@pytest.mark.slow
def test_a_game_that_shows_nothing_is_said(road, monkeypatch):
    road.reset()
    monkeypatch.setattr(n64, "is_black", lambda picture: True)
    with pytest.raises(DeviceError, match="nothing but black"):
        for _ in range(100):
            road.step(GO)


def test_black_is_what_nobody_can_see_anything_on():
    picture = np.zeros((4, 4, 3), dtype=np.uint8)
    assert is_black(picture)
    picture[2, 2] = 90
    assert not is_black(picture)


def test_without_an_emulator_the_fix_is_the_line_to_type(cartridge, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    with pytest.raises(CopycarError, match=r"mupen64plus is not installed[^$]*apt-get install"):
        make_environment(f"n64:{cartridge}").reset()


@pytest.mark.parametrize("missing", ["Xvfb", "cc"])
def test_what_else_is_missing_is_named(game, monkeypatch, missing):
    found = shutil.which
    gone = {"Xvfb": ("Xvfb",), "cc": ("cc", "gcc")}[missing]
    monkeypatch.setattr("shutil.which", lambda name, path=None: None if name in gone else found(name, path=path))
    with pytest.raises(CopycarError, match="apt-get install"):
        make_environment(f"n64:{game}").reset()


@pytest.mark.slow
def test_a_viewer_can_watch(game):
    if shutil.which("x11vnc") is None:
        pytest.skip("x11vnc is not installed: apt-get install x11vnc")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = N64Environment(str(game), vnc_port=port)
    environment.reset()
    assert _greeting(port).startswith(b"RFB 003.")
    environment.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def _greeting(port: int) -> bytes:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as viewer:
                return viewer.recv(12)
        except ConnectionRefusedError:
            threading.Event().wait(0.05)  # it takes a moment until it listens
    raise AssertionError("nobody listens")


def test_without_x11vnc_nobody_can_watch(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(CopycarError, match="apt-get install x11vnc"):
        Window(":1", 5900, tmp_path / "log.txt")


def test_missing_headers_are_named(game, monkeypatch, tmp_path):
    monkeypatch.setattr(plugin, "HEADERS", tmp_path)
    with pytest.raises(CopycarError, match=r"m64p_plugin.h[^$]*libmupen64plus-dev"):
        plugin.build_plugin(tmp_path)
