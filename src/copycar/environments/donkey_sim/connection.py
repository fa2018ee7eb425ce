"""One TCP connection of JSON objects: a thread reads, anybody sends. Knows nothing of what is said."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable

from copycar.environments.donkey_sim.framing import Framer
from copycar.environments.donkey_sim.messages import Message

READ_BYTES = 1 << 16
SEND_TIMEOUT_S = 2.0
"""A peer that has not read for so long will not read any more: 40 pictures are waiting for it."""


class Connection:
    r"""Talks over one socket.

    Args:
        peer: a connected socket; this object closes it.
        hear: called in the reading thread with every object that has a `msg_type`.
        on_end: called in the reading thread when the connection is over.
        ending: added after every object sent: "\n" by simulators, "" by clients.
    """

    def __init__(
        self,
        peer: socket.socket,
        hear: Callable[[Message], None],
        ending: str,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        peer.settimeout(SEND_TIMEOUT_S)
        with contextlib.suppress(OSError):  # no TCP: a test's socket pair
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._peer, self._hear, self._ending, self._on_end = peer, hear, ending, on_end
        self._framer, self._sending = Framer(), threading.Lock()
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read, name="copycar-donkey-sim", daemon=True)
        self._reader.start()

    @property
    def is_open(self) -> bool:
        """Whether both sides are still there."""
        return not self._over.is_set()

    @property
    def dropped(self) -> int:
        """Pieces of what was received that were no JSON object."""
        return self._framer.dropped

    def send(self, message: Message) -> bool:
        """Send one object; return whether it went out. A peer that does not read loses the connection."""
        data = (json.dumps(message) + self._ending).encode("utf-8")
        with self._sending:
            if not self.is_open:
                return False
            try:
                self._peer.sendall(data)
            except OSError:  # half an object may be out: nothing sensible can follow it
                self._over.set()
        return self.is_open

    def close(self) -> None:
        """End it; harmless twice."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)
        self._peer.close()
        if threading.current_thread() is not self._reader:
            self._reader.join()

    def _read(self) -> None:
        while not self._over.is_set():
            try:
                received = self._peer.recv(READ_BYTES)
            except TimeoutError:
                continue
            except OSError:
                break
            if not received:
                break
            for message in self._framer.feed(received):
                if isinstance(message.get("msg_type"), str):
                    self._hear(message)
        self._over.set()
        self._on_end()
