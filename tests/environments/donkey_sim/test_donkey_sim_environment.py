import socket
import threading
from contextlib import closing, contextmanager

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from copycar.core.errors import CopycarError, DeviceError
from copycar.driving.drivers.expert import ExpertDriver
from copycar.driving.loop import drive
from copycar.environments import make_environment
from copycar.environments.donkey_sim import link
from copycar.environments.donkey_sim.server import DonkeySimServer
from copycar.testing.check_environment import check_environment
from copycar.testing.donkey_sim import FakeDonkeySim


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(link, "CONFIG_PAUSE_S", 0.0)


def client(port, **options):
    return closing(make_environment("donkey-sim:generated_track", port=port, **{"patience_s": 5, **options}))


@contextmanager
def serving(track=None):
    server = DonkeySimServer(track, port=0)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server.port
    finally:
        server.stop()
        thread.join()


@pytest.mark.parametrize(
    "how", [{}, {"piece": 997}, {"piece": 61}, {"glue": 5}, {"glue": 3, "piece": 1400, "noise": b"@#{!\n"}]
)
def test_messages_may_come_torn_glued_and_with_noise_between_them(how):
    with FakeDonkeySim(**how) as simulator, client(simulator.port, width=64, height=48) as environment:
        environment.reset(seed=0)
        levels = [environment.step(np.zeros(2, np.float32))[0]["image"].mean() for _ in range(5)]
        assert np.diff(levels).tolist() == pytest.approx([1] * 4, abs=0.3)


def test_the_simulator_hears_texts_and_the_camera_that_was_asked_for():
    with FakeDonkeySim() as simulator, client(simulator.port, width=64, height=48) as environment:
        environment.reset(seed=0)
        environment.step(np.array([0.5, -0.25], np.float32))
        heard = {message["msg_type"]: message for message in simulator.heard}
    assert heard["control"] == {"msg_type": "control", "steering": "0.5", "throttle": "-0.25", "brake": "0.0"}
    assert (heard["cam_config"]["img_w"], heard["cam_config"]["img_enc"]) == ("64", "JPG")


def test_a_simulator_that_tells_no_road_keeps_both_contracts():
    with FakeDonkeySim() as simulator, client(simulator.port) as environment:
        check_environment(environment)
        _, info = environment.reset(seed=0)
        assert "cross_track_error_m" not in info
        assert not hasattr(environment, "expert")


def test_a_restarted_simulator_ends_the_drive_and_the_next_one_works():
    with FakeDonkeySim(hangs_up_after=10) as simulator, client(simulator.port) as environment:
        environment.reset(seed=0)
        steps = [environment.step(np.zeros(2, np.float32)) for _ in range(3)]
        assert [truncated for _, _, _, truncated, _ in steps] == [False, False, True]
        environment.reset(seed=0)
        assert not environment.step(np.zeros(2, np.float32))[3]


def test_no_simulator_is_told_with_what_to_start():
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with pytest.raises(DeviceError, match="copycar serve donkey-sim"):
        make_environment("donkey-sim:generated_track", port=port, patience_s=0.1)


def test_something_else_on_the_port_is_told():
    with closing(socket.create_server(("127.0.0.1", 0))) as other, pytest.raises(DeviceError, match="is silent"):
        make_environment("donkey-sim:generated_track", port=other.getsockname()[1], patience_s=0.1)


def test_a_simulator_without_pictures_is_told():
    with (
        FakeDonkeySim(has_pictures=False) as simulator,
        client(simulator.port, patience_s=0.2) as environment,
        pytest.raises(DeviceError, match="no 160x120 picture"),
    ):
        environment.reset(seed=0)


@pytest.mark.parametrize(
    ("scene", "options", "message"),
    [("generatd_track", {}, "did you mean generated_track"), ("generated_track", {"with": 3}, "did you mean width")],
)
def test_mistyped_scenes_and_options_get_the_nearest(scene, options, message):
    with FakeDonkeySim() as simulator, pytest.raises(CopycarError, match=message):
        make_environment(f"donkey-sim:{scene}", port=simulator.port, **options)


@pytest.mark.slow
def test_our_client_keeps_both_contracts_on_our_server():
    with serving() as port, client(port, is_synchronous=True) as environment:
        check_environment(environment)
        check_env(environment, skip_render_check=True, skip_close_check=True)


@pytest.mark.slow
def test_the_expert_drives_a_lap_through_the_protocol():
    with serving("oval") as port, client(port, is_synchronous=True) as environment:
        errors = []
        report = drive(
            environment,
            ExpertDriver(environment.expert()),
            laps=1,
            on_frame=lambda tick: errors.append(
                (tick.info["cross_track_error_m"], tick.info["cross_track_error_m"] - tick.info["donkey_cte_m"])
            ),
        )
    assert report.laps == 1
    assert np.abs(errors).max(axis=0) == pytest.approx([0.06, 0.0], abs=0.05)
