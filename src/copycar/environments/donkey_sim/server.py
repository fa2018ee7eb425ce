"""Serves the simulator's protocol on the built-in track, one client after the other. Knows nothing of what is said.

Where a client of today connects to the simulator, gym-donkeycar up to 1.0 waits to be connected to: `dial` does that.
"""

import contextlib
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium

from copycar.core.errors import DeviceError
from copycar.environments.donkey_sim.connection import Connection
from copycar.environments.donkey_sim.messages import PORT, Message
from copycar.environments.donkey_sim.session import Session
from copycar.environments.make import make_environment

RATE_HZ = 20.0
"""Telemetry per second, as the simulator's."""

POLL_S = 0.2
WAITING_S = 0.002
"""How often a world that waits for its client looks whether it has spoken."""

INBOX = 64
"""Messages kept for the next tick; a client that sends more in a twentieth of a second loses the oldest."""


class DonkeySimServer:
    """Waits for clients and drives each of them round.

    Args:
        track: the track of every scene; None: each scene has its own.
        host: the address to listen on; "" is every one of this machine.
        port: 0 takes a free one.

    Attributes:
        port: where it listens.

    Raises:
        DeviceError: somebody else listens there.
    """

    def __init__(self, track: str | None = None, host: str = "127.0.0.1", port: int = PORT) -> None:
        self._track, self._is_over = track, False
        try:
            self._door = socket.create_server((host, port))
        except OSError as error:
            raise DeviceError(
                f"cannot listen on port {port}", error.strerror or str(error), "end the other simulator, or use --port"
            ) from error
        self._door.settimeout(POLL_S)
        self.port = self._door.getsockname()[1]

    def serve(self, on_client: Callable[[str], None] = lambda _: None, clients: int | None = None) -> None:
        """Serve until `stop`.

        Args:
            on_client: called with the address of each client.
            clients: return after so many.
        """
        with self._door:
            for peer, (address, *_) in self._callers():
                on_client(address)
                attend(peer, self._track, lambda: self._is_over)
                if clients is not None and (clients := clients - 1) <= 0:
                    return

    def stop(self) -> None:
        """Let `serve` return soon; may be called from any thread."""
        self._is_over = True

    def _callers(self) -> Iterator[tuple[socket.socket, Any]]:
        while not self._is_over:
            with contextlib.suppress(TimeoutError):
                yield self._door.accept()


def dial(host: str, port: int, track: str | None, is_over: Callable[[], bool], patience_s: float = 60.0) -> None:
    """Connect to a client that waits for its simulator, and drive it round.

    Raises:
        DeviceError: nobody waits there.
    """
    attend(connect(host, port, patience_s, "start the program that waits for the simulator"), track, is_over)


def connect(host: str, port: int, patience_s: float, fix: str) -> socket.socket:
    """Return a socket connected to `host`, trying again until `patience_s` are over.

    Raises:
        DeviceError: nobody listens there.
    """
    until_s = time.monotonic() + patience_s
    while True:
        try:
            return socket.create_connection((host, port), timeout=5.0)
        except OSError as error:
            if time.monotonic() >= until_s:
                raise DeviceError(f"nobody answers on {host}:{port}", error.strerror or str(error), fix) from error
            time.sleep(POLL_S)


def attend(peer: socket.socket, track: str | None, is_over: Callable[[], bool]) -> None:
    """Serve one client until it leaves, stops reading, or `is_over`."""
    inbox: deque[Message] = deque(maxlen=INBOX)
    connection, session = Connection(peer, inbox.append, ending="\n"), Session(_make_track, track)
    try:
        session.greet()
        due_s = time.monotonic()
        while connection.is_open and not session.is_over and not is_over():
            while inbox:
                session.hear(inbox.popleft())
            session.tick()
            for message in session.outbox:
                connection.send(message)
            session.outbox.clear()
            due_s = max(due_s + 1 / RATE_HZ, time.monotonic() - 1 / RATE_HZ)
            time.sleep(WAITING_S if session.is_synchronous else max(0.0, due_s - time.monotonic()))
    finally:
        connection.close()
        session.close()


def _make_track(name: str, options: dict[str, Any]) -> gymnasium.Env[Any, Any]:
    return make_environment(f"track:{name.removeprefix('track:')}", **options)
