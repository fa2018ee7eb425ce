"""Answers the emulator's questions what is held down, and lets it run only as far as it is told. Knows no emulator.

The protocol is that of mupen64plus-input-bot: at every poll of the game its plugin connects, sends
`GET /0 HTTP/1.0`, reads a JSON object until the connection closes, and the emulated machine stands still until then.
Both of its readings of an answer fit: the body is the sixth line, and it follows an empty line.
"""

import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from email.utils import formatdate

from copycar.core.errors import DeviceError
from copycar.environments.n64.pad import NOTHING, Pad

_MOST_BYTES = 4096
_PATIENCE_S = 5.0
"""How long somebody who connects may take to ask, and to read the answer."""


_LOOK_EVERY_S = 0.1
"""So soon it is noticed that the emulator has died."""


class PadServer:
    """A server on this machine, for one emulator; it listens at once.

    Args:
        is_alive: asked while waiting: whether the emulator still runs.

    Attributes:
        port: where it listens.
    """

    def __init__(self, is_alive: Callable[[], bool] = lambda: True) -> None:
        self._is_alive = is_alive
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._changed = threading.Condition()
        self._pads: deque[Pad] = deque()
        self._is_asked, self._is_closed = False, False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def play(self, pads: Sequence[Pad], within_s: float = 10.0) -> None:
        """Answer the next polls with `pads`, one after the other, and return when the game asks for more.

        The emulated machine then stands still, with its last picture on the screen; without any `pads` this waits
        until it asks for the first time.

        Args:
            pads: what is held down, poll by poll.
            within_s: longest wait for one poll.

        Raises:
            DeviceError: the game does not ask any more.
        """
        with self._changed:
            self._pads.extend(pads)
            self._changed.notify_all()
            waited_s = 0.0
            while self._pads or not self._is_asked:
                waited_s = 0.0 if self._changed.wait(_LOOK_EVERY_S) else waited_s + _LOOK_EVERY_S
                if waited_s > within_s or not self._is_alive():
                    raise _silence(within_s if self._is_alive() else None)

    def close(self) -> None:
        """Stop listening; an emulator that asks afterwards ends itself. Harmless twice."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            with connection:
                connection.settimeout(_PATIENCE_S)
                try:
                    self._answer(connection)
                except OSError:  # who asked is gone or does not read: the next one may ask
                    continue

    def _answer(self, connection: socket.socket) -> None:
        controller = asked_controller(_question(connection))
        if controller is None:
            connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
        elif pad := self._next() if controller == 0 else NOTHING:
            connection.sendall(answer(pad))

    def _next(self) -> Pad | None:
        """Return the next pad as soon as there is one; None when the server closes."""
        with self._changed:
            self._is_asked = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._pads or self._is_closed)
            self._is_asked = False
            return self._pads.popleft() if self._pads else None


def asked_controller(question: bytes) -> int | None:
    """Return the number of the controller that is asked for; None where it is no such question.

    >>> asked_controller(b"GET /2 HTTP/1.0"), asked_controller(b"hello")
    (2, None)
    """
    words = question.split(b" ")
    if len(words) < 2 or words[0] != b"GET" or words[1] not in (b"/0", b"/1", b"/2", b"/3"):
        return None
    return int(words[1][1:])


def answer(pad: Pad) -> bytes:
    """Return the answer to a poll: a status line, exactly three headers, an empty line, and the JSON object."""
    head = (
        f"HTTP/1.0 200 OK\r\nServer: copycar\r\nDate: {formatdate(usegmt=True)}\r\nContent-type: application/json\r\n"
    )
    return f"{head}\r\n{pad.as_json()}".encode()


def _question(connection: socket.socket) -> bytes:
    question = b""
    while b"\r\n\r\n" not in question and len(question) < _MOST_BYTES:
        some = connection.recv(_MOST_BYTES)
        if not some:
            break
        question += some
    return question


def _silence(waited_s: float | None) -> DeviceError:
    if waited_s is None:
        return DeviceError("the emulator is gone", "it ended while the game was running", "start again")
    return DeviceError(
        f"the game has not asked for the controller for {waited_s:.0f} s",
        "it hangs, or it plays something that nobody can interrupt",
        "look at what it shows (render), and press on with the guide's own start",
    )
