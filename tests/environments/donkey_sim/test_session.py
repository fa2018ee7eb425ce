import math

import numpy as np
import pytest

from copycar.environments.donkey_sim.messages import SCENES, picture, quaternion
from copycar.environments.donkey_sim.session import Session
from copycar.environments.make import make_environment


@pytest.fixture
def session():
    made = Session(lambda name, options: make_environment(name, scenery=False, **options))
    yield made
    made.close()


def say(session, kind, **values):
    session.hear({"msg_type": kind, **values})
    said, session.outbox = session.outbox, []
    return said


def kinds(messages):
    return [message["msg_type"] for message in messages]


def test_the_handshake_is_the_simulators(session):
    session.greet()
    assert kinds(say(session, "get_scene_names")) == ["scene_selection_ready", "scene_names"]
    assert kinds(say(session, "load_scene", scene_name="generated_track"))[-2:] == ["scene_loaded", "car_loaded"]
    assert say(session, "get_protocol_version") == [{"msg_type": "protocol_version", "version": "2"}]


def test_an_unknown_scene_leaves_the_menu_open(session):
    assert kinds(say(session, "load_scene", scene_name="atlantis")) == ["scene_names"]
    session.tick()
    assert session.outbox == []


def test_telemetry_has_what_clients_read(session):
    say(session, "load_scene", scene_name="oval")
    say(session, "cam_config", img_w="64", img_h="48", fov="80", img_enc="JPG")
    say(session, "control", steering="0.5", throttle="0.6", brake="0.0")
    for _ in range(10):
        session.tick()
    telemetry = session.outbox[-1]
    assert picture(telemetry).shape == (48, 64, 3)
    assert telemetry["hit"] == "none"
    assert telemetry["cte"] > 0  # it steers to the right of the road
    assert telemetry["totalNodes"] > 20
    assert telemetry["speed"] > 0.1


def test_a_brake_takes_the_throttle_away_and_nonsense_is_zero(session):
    say(session, "control", steering="nan", throttle="0.6", brake="1.0")
    assert session.action == (0.0, 0.0)
    say(session, "control", throttle="7")
    assert session.action == (0.0, 1.0)


def test_the_car_stands_where_it_is_put(session):
    say(session, "load_scene", scene_name="oval")
    (node,) = say(session, "node_position", index="20")
    heading = math.radians(90) - 2 * math.atan2(node["Qy"], node["Qw"])
    say(session, "set_position", pos_x=node["pos_x"], pos_y="0", pos_z=node["pos_z"], **quaternion(heading))
    session.tick()
    telemetry = session.outbox[-1]
    assert np.hypot(telemetry["pos_x"] - node["pos_x"], telemetry["pos_z"] - node["pos_z"]) < 0.05
    assert abs(telemetry["cte"]) < 0.1


def test_every_scene_of_the_simulator_has_a_track():
    for track in SCENES.values():
        make_environment(f"track:{track}", pictures=False).close()


def test_messages_before_a_scene_and_unknown_ones_do_nothing(session):
    for kind in (
        "node_position",
        "set_position",
        "reset_car",
        "lidar_config",
        "racer_info",
        "control",
        "tick",
        "close",
    ):
        assert say(session, kind) == []
    session.tick()
    assert say(session, "quit_app") == []
    assert session.is_over
