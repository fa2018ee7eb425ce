import json
import socket
import subprocess
import sys
import threading

import pytest

from copycar.core.errors import DeviceError
from copycar.environments.donkey_sim import connection
from copycar.environments.donkey_sim.connection import Connection
from copycar.environments.donkey_sim.framing import Framer
from copycar.environments.donkey_sim.server import DonkeySimServer, dial

GYM_DONKEYCAR_LAP = """
import json, math, os, sys
os.environ.update(DONKEY_SIM_PATH="remote", DONKEY_SIM_PORT=sys.argv[1])
from gym_donkeycar.envs.donkey_env import GeneratedTrackEnv
env = GeneratedTrackEnv()
env.frame_skip = 1
env.reset()
steering, last_cte, start, furthest, worst = 0.0, 0.0, None, 0.0, 0.0
for tick in range(900):
    image, reward, done, info = env.step([steering, 0.6])
    steering = max(-1.0, min(1.0, -0.25 * info["cte"] - 2.2 * (info["cte"] - last_cte)))
    last_cte, (x, _, z) = info["cte"], info["pos"]
    start = start or (x, z)
    far = math.hypot(x - start[0], z - start[1])
    furthest, worst = max(furthest, far), max(worst, abs(last_cte))
    if done or (furthest > 4 and far < 0.5):
        break
print(json.dumps({"far": far, "furthest": furthest, "worst": worst, "done": bool(done), "shape": image.shape}))
sys.stdout.flush()
os._exit(0)  # its asyncore thread never ends
"""


@pytest.fixture
def server():
    made = DonkeySimServer("oval", port=0)
    thread = threading.Thread(target=made.serve)
    thread.start()
    yield made
    made.stop()
    thread.join()


def talk(port, stream, kind):
    """Send bytes as a client; return the first message of a kind that comes back."""
    framer = Framer()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
        peer.sendall(stream)
        while received := peer.recv(1 << 16):
            for message in framer.feed(received):
                if message["msg_type"] == kind:
                    return message
    return None


def test_clients_messages_may_be_glued_torn_and_wrapped_in_garbage(server):
    said = [{"msg_type": "get_scene_names"}, {"msg_type": 7}, {"msg_type": "get_protocol_version"}]
    stream = b"GET / HTTP/1.1\r\n\r\n" + "".join(map(json.dumps, said)).encode() + b'{"msg_type": "cont'
    assert talk(server.port, stream, "protocol_version") == {"msg_type": "protocol_version", "version": "2"}


def test_the_next_client_is_served_when_one_left_in_the_middle_of_a_message(server):
    for _ in range(2):
        assert talk(server.port, b'{"msg_type": "get_scene_names"}{"msg_', "scene_names")


def test_a_client_that_stops_reading_is_let_go(monkeypatch):
    monkeypatch.setattr(connection, "SEND_TIMEOUT_S", 0.05)
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    talking = Connection(ours, lambda message: None, ending="\n")
    sent = [talking.send({"msg_type": "telemetry", "image": "A" * 20_000}) for _ in range(50)]
    assert not sent[-1]
    assert not talking.is_open
    talking.close()
    theirs.close()


def test_a_port_in_use_is_told():
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(DeviceError, match="--port"):
        DonkeySimServer(port=other.getsockname()[1])


@pytest.mark.slow
def test_the_real_gym_donkeycar_drives_a_lap_on_our_server():
    pytest.importorskip("gym_donkeycar", reason="gym-donkeycar is not installed (it needs Python 3.11)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", GYM_DONKEYCAR_LAP, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
        dial("127.0.0.1", port, "oval", lambda: client.poll() is not None)
        out, err = client.communicate(timeout=60)
    assert client.returncode == 0, err
    lap = json.loads(out.splitlines()[-1])
    assert lap["far"] < 0.5  # back at the start
    assert lap["furthest"] > 4
    assert lap["worst"] < 0.6 * 8  # half the road's width, in the simulator's units
    assert lap["shape"] == [120, 160, 3]
    assert not lap["done"]
