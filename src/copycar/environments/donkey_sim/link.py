"""The client's side of a running simulator: handshake, latest telemetry, questions. Knows nothing of gymnasium."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from copycar.core.errors import CopycarError, DeviceError, did_you_mean
from copycar.environments.donkey_sim.connection import Connection
from copycar.environments.donkey_sim.messages import Message
from copycar.environments.donkey_sim.server import connect

NOT_RUNNING = "start the simulator, or our own: copycar serve donkey-sim"
CONFIG_PAUSE_S = 0.1
"""The simulator reads one message per packet; settings sent closer together are lost (gym-donkeycar waits too)."""


class Link:
    """A connection in which the car is on the road.

    Args:
        host: where the simulator runs.
        port: where it listens.
        scene: which of its scenes to load.
        settings: messages to send once the car is there (`cam_config`, `car_config`, `step_mode` …).
        patience_s: how long to wait for the simulator to answer, and for each step of the handshake.

    Attributes:
        laps: crossings of the starting line, as (timeStamp) in the simulator's seconds.

    Raises:
        DeviceError: nobody answers, or the car does not come.
        CopycarError: no such scene.
    """

    def __init__(self, host: str, port: int, scene: str, settings: list[Message], patience_s: float = 10.0) -> None:
        self._scene, self._patience_s = scene, patience_s
        self._news = threading.Condition()
        self._latest: dict[str, tuple[Message, float]] = {}
        self.laps: list[float] = []
        peer = connect(host, port, patience_s, NOT_RUNNING)
        self._connection = Connection(peer, self._hear, ending="", on_end=self._wake)
        try:
            self._shake_hands(settings)
        except BaseException:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether the simulator is still there."""
        return self._connection.is_open

    def send(self, kind: str, **values: Any) -> None:
        """Send one message; numbers go as texts, as the simulator reads them."""
        self._connection.send({"msg_type": kind, **{name: str(value) for name, value in values.items()}})

    def wait(self, kind: str, after_s: float, timeout_s: float) -> tuple[Message, float] | None:
        """Return the latest message of a kind that came after a moment of `time.monotonic`, and when it came.

        None where none came in time, or the connection ended.
        """
        with self._news:
            self._news.wait_for(lambda: self._came(kind) > after_s or not self.is_open, timeout_s)
            return self._latest[kind] if self._came(kind) > after_s else None

    def close(self) -> None:
        """Hang up; harmless twice."""
        self._connection.close()

    def _came(self, kind: str) -> float:
        return self._latest[kind][1] if kind in self._latest else float("-inf")

    def _hear(self, message: Message) -> None:
        with self._news:
            kind = message["msg_type"]
            if kind == "collision_with_starting_line" and isinstance(message.get("timeStamp"), (int, float)):
                self.laps.append(float(message["timeStamp"]))
            self._latest[kind] = (message, time.monotonic())
            self._news.notify_all()

    def _wake(self) -> None:
        with self._news:
            self._news.notify_all()

    def _shake_hands(self, settings: list[Message]) -> None:
        first = self._first_of("scene_selection_ready", "car_loaded", "need_car_config", "telemetry")
        if first == "scene_selection_ready":
            self._choose_scene()
            self._first_of("car_loaded", "need_car_config")
        for setting in settings:
            self.send(setting["msg_type"], **{name: value for name, value in setting.items() if name != "msg_type"})
            time.sleep(CONFIG_PAUSE_S)

    def _choose_scene(self) -> None:
        self.send("get_scene_names")
        self._first_of("scene_names")
        names = self._latest["scene_names"][0].get("scene_names")
        known = [str(name) for name in names] if isinstance(names, list) else []
        if known and self._scene not in known:
            raise CopycarError(f"the simulator has no scene {self._scene!r}", fix=did_you_mean(self._scene, known))
        self.send("load_scene", scene_name=self._scene)

    def _first_of(self, *kinds: str) -> str:
        """Wait for a message of one of the kinds and return which came."""

        def came() -> list[str]:
            return [kind for kind in kinds if kind in self._latest]

        with self._news:
            self._news.wait_for(lambda: came() or not self.is_open, self._patience_s)
        if not came():
            state = "is silent" if self.is_open else "hung up"
            raise DeviceError(
                f"the simulator {state}: no {kinds[0]} came",
                f"{self._connection.dropped} pieces were no messages" if self._connection.dropped else "",
                "is something else listening on that port? Restart the simulator",
            )
        return came()[0]


def known_number(message: Mapping[str, Any], key: str) -> bool:
    """Return whether a message has a number under `key`."""
    return isinstance(message.get(key), (int, float)) and not isinstance(message.get(key), bool)
