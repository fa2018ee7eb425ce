import json
import socket
import threading
from contextlib import suppress

import pytest

from copycar.core.errors import CopycarError, DeviceError
from copycar.environments.n64 import pad_server
from copycar.environments.n64.pad import NOTHING, held
from copycar.environments.n64.pad_server import PadServer


@pytest.fixture
def server():
    made = PadServer()
    yield made
    made.close()


def ask(server: PadServer, question: bytes = b"GET /0 HTTP/1.0\r\n\r\n") -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(question)
        answer = b""
        while some := connection.recv(4096):
            answer += some
    return answer


class Game(threading.Thread):
    """Polls as an emulator does: the next poll comes when the last one is answered."""

    def __init__(self, server: PadServer) -> None:
        super().__init__(daemon=True)
        self._server = server
        self.answers: list[bytes] = []
        self.start()

    def run(self) -> None:
        with suppress(OSError):  # the server is gone: so is the game
            while answer := ask(self._server):
                self.answers.append(answer)

    @property
    def sticks(self) -> list[int]:
        return [json.loads(answer.split(b"\r\n\r\n")[1])["X_AXIS"] for answer in self.answers]


def test_an_answer_is_read_right_by_both_kinds_of_plugin(server):
    game = Game(server)
    server.play([held("A_BUTTON", x=-80, y=5)])
    (answer,) = game.answers
    after_empty_line = json.loads(answer.split(b"\r\n\r\n", 1)[1])
    sixth_line = json.loads(answer.split(b"\n")[5])
    assert answer.startswith(b"HTTP/1.0 200 OK\r\n")
    assert after_empty_line == sixth_line
    assert (sixth_line["X_AXIS"], sixth_line["Y_AXIS"], sixth_line["A_BUTTON"], sixth_line["B_BUTTON"]) == (
        -80,
        5,
        1,
        0,
    )
    assert all(type(value) is int for value in sixth_line.values())
    assert len(answer) < 4096  # what the plugin reads at most


def test_the_game_runs_exactly_as_far_as_it_is_told(server):
    game = Game(server)
    server.play([])
    assert game.sticks == []
    server.play([held(x=1), held(x=2)])
    assert game.sticks == [1, 2]
    server.play([held(x=3)])
    assert game.sticks == [1, 2, 3]


def test_other_controllers_hold_nothing_and_move_nothing_on(server):
    game = Game(server)
    server.play([held(x=7)])
    server.close()
    other = PadServer()
    assert ask(other, b"GET /1 HTTP/1.0\r\n\r\n") == pad_server.answer(NOTHING)
    other.close()
    assert game.sticks == [7]


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x02", b"POST / HTTP/1.1\r\n\r\n", b"GET /9 HTTP/1.0\r\n\r\n", b"x" * 9000]
)
def test_garbage_is_refused_and_the_game_plays_on(server, garbage):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        with suppress(OSError):  # what is longer than any question is cut off
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            assert connection.recv(4096).startswith(b"HTTP/1.0 400")
    game = Game(server)
    server.play([held(x=4)])
    assert game.sticks == [4]


def test_somebody_who_says_nothing_is_not_waited_for_long(server, monkeypatch):
    monkeypatch.setattr(pad_server, "_PATIENCE_S", 0.05)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5):
        game = Game(server)
        server.play([held(x=4)])
    assert game.sticks == [4]


def test_a_game_that_does_not_ask_is_named(server):
    with pytest.raises(DeviceError, match="has not asked for the controller"):
        server.play([NOTHING], within_s=0.15)


def test_a_dead_emulator_is_noticed_at_once():
    server = PadServer(is_alive=lambda: False)
    with pytest.raises(DeviceError, match="the emulator is gone"):
        server.play([NOTHING], within_s=60.0)
    server.close()


def test_an_unknown_button_is_named():
    with pytest.raises(CopycarError, match="did you mean A_BUTTON"):
        held("A_BUTON")
