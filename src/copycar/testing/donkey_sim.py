"""A donkey simulator that is none: it says what the protocol says, torn, glued and with noise if asked to.

For tests of clients without Unity. Knows nothing of roads: its car stands where it was put.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from copycar.core.frame import Image
from copycar.environments.donkey_sim.framing import Framer
from copycar.environments.donkey_sim.messages import SCENES, as_text


class FakeDonkeySim:
    """Listens on a free port and answers one client at a time; a context manager.

    Args:
        piece: bytes sent at a time; small ones tear every message. 0 sends whole.
        glue: messages held back until so many can be sent as one.
        noise: sent between messages.
        hangs_up_after: controls after which it closes the connection, once; None never.
        has_pictures: whether its telemetry shows anything.

    Attributes:
        port: where it listens.
        heard: every message received, in order.
    """

    def __init__(
        self,
        *,
        piece: int = 0,
        glue: int = 1,
        noise: bytes = b"",
        hangs_up_after: int | None = None,
        has_pictures: bool = True,
    ) -> None:
        self._piece, self._glue, self._noise = piece, glue, noise
        self._hangs_up_after, self._has_pictures = hangs_up_after, has_pictures
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(0.05)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._size, self._ticks, self._waiting = (120, 160), 0, b""
        self.port: int = self._door.getsockname()[1]
        self.heard: list[dict[str, Any]] = []

    def __enter__(self) -> "FakeDonkeySim":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._door.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError, OSError):
                peer, _ = self._door.accept()
                with peer:
                    self._attend(peer)

    def _attend(self, peer: socket.socket) -> None:
        peer.settimeout(0.05)
        self._waiting, self._ticks = b"", 0
        self._say(peer, {"msg_type": "scene_selection_ready", "loaded": "1"}, last=True)
        for message in self._messages(peer):
            self.heard.append(message)
            if message["msg_type"] == "control" and self._ticks == self._hangs_up_after:
                self._hangs_up_after = None
                return
            answers = self._answers(message)
            for answer in answers:
                self._say(peer, answer, last=answer is answers[-1])

    def _messages(self, peer: socket.socket) -> Iterator[dict[str, Any]]:
        framer = Framer()
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                received = peer.recv(1 << 16)
                if not received:
                    return
                yield from framer.feed(received)

    def _answers(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        kind = message["msg_type"]
        if kind == "get_scene_names":
            return [{"msg_type": "scene_names", "scene_names": list(SCENES)}]
        if kind == "load_scene":
            return [{"msg_type": "scene_loaded"}, {"msg_type": "car_loaded"}, self._telemetry()]
        if kind == "cam_config":
            self._size = (int(float(message["img_h"])), int(float(message["img_w"])))
        if kind == "control":
            self._ticks += 1
            return [{"msg_type": "ping"}, self._telemetry()]
        return []

    def _telemetry(self) -> dict[str, Any]:
        shown = {"image": as_text(self.picture())} if self._has_pictures else {}
        return {"msg_type": "telemetry", **shown, "hit": "none", "speed": 0.5, "time": self._ticks / 20, "yaw": 90.0}

    def picture(self) -> Image:
        """Return what its camera sees: grey, lighter with every tick."""
        return np.full((*self._size, 3), min(self._ticks, 255), np.uint8)

    def _say(self, peer: socket.socket, message: dict[str, Any], *, last: bool) -> None:
        self._waiting += json.dumps(message).encode() + b"\n" + self._noise
        if not last and self._waiting.count(b'"msg_type"') < self._glue:
            return
        step = self._piece or len(self._waiting)
        for start in range(0, len(self._waiting), step):
            peer.sendall(self._waiting[start : start + step])
        self._waiting = b""
