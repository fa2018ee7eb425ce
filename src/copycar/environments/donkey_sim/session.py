"""One client's drive on our server: what it asks for, and what it is told, tick by tick. Knows nothing of sockets."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gymnasium

from copycar.core.errors import CopycarError
from copycar.core.frame import STOP, Action
from copycar.environments.donkey_sim.messages import (
    CTE_PER_M,
    SCENES,
    Message,
    as_text,
    heading_of_quaternion,
    number,
    quaternion,
    yaw_deg,
)

PROTOCOL_VERSION = "2"
NODE_EVERY_M = 0.25

MakeTrack = Callable[[str, dict[str, Any]], gymnasium.Env[Any, Any]]
"""Makes the built-in track of a name with options."""


@dataclass
class Session:
    """The state of one client's world.

    Args:
        make_track: makes a track.
        track: the track of every scene; None: each scene has its own (`SCENES`).

    Attributes:
        outbox: messages to send, oldest first; the server empties it.
        action: what the client wants now.
        is_synchronous: whether the world waits for the next control.
        is_over: whether the client asked to end.
    """

    make_track: MakeTrack
    track: str | None = None
    outbox: list[Message] = field(default_factory=list)
    action: Action = STOP
    is_synchronous: bool = False
    is_over: bool = False
    _scene: str = ""
    _camera: dict[str, Any] = field(default_factory=dict)
    _world: gymnasium.Env[Any, Any] | None = None
    _observation: Any = None
    _info: dict[str, Any] = field(default_factory=dict)
    _hit: str = "none"

    def greet(self) -> None:
        """Say that scenes can be chosen, as the simulator's menu does."""
        self.outbox.append({"msg_type": "scene_selection_ready", "loaded": "1"})

    def hear(self, message: Message) -> None:
        """Do what one message asks; unknown ones are left alone, as the simulator leaves them."""
        answer = getattr(self, f"_on_{message['msg_type']}", None)
        if answer:
            answer(message)
        if self.is_synchronous and message["msg_type"] == "control":
            self._drive()

    def tick(self) -> None:
        """Drive for one step and tell about it; a synchronous world drives once for each control instead."""
        if not self.is_synchronous:
            self._drive()

    def _drive(self) -> None:
        if self._world is None:
            return
        lap = self._info["lap"]
        self._observation, _, _, _, self._info = self._world.step(self.action.as_array())
        if self._info["is_collision"]:
            self._hit = self._info["collision_with"] or "scenery"
        if self._info["lap"] > lap:
            self._cross_line()
        self.outbox.append(self._telemetry())
        self._hit = "none"

    def close(self) -> None:
        """Free the world."""
        if self._world:
            self._world.close()
        self._world = None

    def _on_get_protocol_version(self, message: Message) -> None:
        self.outbox.append({"msg_type": "protocol_version", "version": PROTOCOL_VERSION})

    def _on_get_scene_names(self, message: Message) -> None:
        self.outbox.append({"msg_type": "scene_names", "scene_names": list(SCENES)})

    def _on_load_scene(self, message: Message) -> None:
        self._scene = str(message.get("scene_name", ""))
        try:
            self._build()
        except CopycarError:  # no such scene: the simulator stays in its menu too, and says what there is
            self._on_get_scene_names(message)
            return
        self.outbox.append({"msg_type": "scene_loaded"})
        self.outbox.append({"msg_type": "car_loaded"})

    def _on_exit_scene(self, message: Message) -> None:
        self.close()
        self.greet()

    def _on_quit_app(self, message: Message) -> None:
        self.is_over = True

    def _on_step_mode(self, message: Message) -> None:
        self.is_synchronous = message.get("step_mode") == "synchronous"

    def _on_control(self, message: Message) -> None:
        throttle = number(message, "throttle") if number(message, "brake") < 0.5 else 0.0  # half a brake is meant
        self.action = Action(number(message, "steering"), throttle).clipped()

    def _on_reset_car(self, message: Message) -> None:
        self._start({})

    def _on_cam_config(self, message: Message) -> None:
        self._camera = _camera(message)
        if self._world:
            self._build()

    def _on_regen_road(self, message: Message) -> None:
        self._scene = f"random:{int(abs(number(message, 'rand_seed')))}"
        self._build()

    def _on_node_position(self, message: Message) -> None:
        if self._world is None:
            return
        line = self._world.unwrapped.line  # type: ignore[attr-defined]
        index = int(number(message, "index")) % self._n_nodes()
        x_m, y_m, heading = line.at(index * line.length_m / self._n_nodes())
        place = {"msg_type": "node_position", "index": index, "pos_x": x_m, "pos_y": 0.0, "pos_z": y_m}
        self.outbox.append({**place, **{name: float(value) for name, value in quaternion(heading).items()}})

    def _on_set_position(self, message: Message) -> None:
        if self._world is None:
            return
        line = self._world.unwrapped.line  # type: ignore[attr-defined]
        place = line.locate(number(message, "pos_x"), number(message, "pos_z"))
        turned = heading_of_quaternion(message) - place.heading_rad if "Qw" in message else 0.0
        self._start(
            {
                "progress": min(place.arc_m / line.length_m, 1.0),
                "offset_m": min(max(place.offset_m, -2.0), 2.0),
                "heading_offset_rad": math.remainder(turned, math.tau),
            }
        )

    def _build(self) -> None:
        self.close()
        name = self.track or SCENES.get(self._scene, self._scene or "oval")
        self._world = self.make_track(name, self._camera)
        self._start({})

    def _start(self, where: dict[str, Any]) -> None:
        self.action, self._hit = STOP, "none"
        if self._world:
            self._observation, self._info = self._world.reset(seed=0, options=where)
            if not where:
                self._cross_line()

    def _cross_line(self) -> None:
        stamp = self._info["sim_time_s"]
        self.outbox.append({"msg_type": "collision_with_starting_line", "starting_line_index": 0, "timeStamp": stamp})

    def _n_nodes(self) -> int:
        assert self._world is not None
        length_m: float = self._world.unwrapped.line.length_m  # type: ignore[attr-defined]
        return max(4, round(length_m / NODE_EVERY_M))

    def _telemetry(self) -> Message:
        info = self._info
        x_m, y_m = info["position_m"]
        east, north = (
            info["speed_mps"] * part for part in (math.cos(info["heading_rad"]), math.sin(info["heading_rad"]))
        )
        return {
            "msg_type": "telemetry",
            "steering_angle": self.action.steering,
            "throttle": self.action.throttle,
            "speed": abs(info["speed_mps"]),
            "image": as_text(self._observation["image"]),
            "hit": self._hit,
            "time": info["sim_time_s"],
            **dict.fromkeys(("accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z", "pitch", "roll"), 0.0),
            "yaw": yaw_deg(info["heading_rad"]),
            "cte": info["cross_track_error_m"] * CTE_PER_M,
            "activeNode": int(info["progress"] * self._n_nodes()) % self._n_nodes(),
            "totalNodes": self._n_nodes(),
            "pos_x": x_m,
            "pos_y": 0.0,
            "pos_z": y_m,
            "vel_x": east,
            "vel_y": 0.0,
            "vel_z": north,
        }


def _camera(message: Message) -> dict[str, Any]:
    """Return the track's options for a `cam_config`; 0 means the usual. Unity's field of view is the vertical one."""
    width, height = (round(min(max(number(message, key), 16), 512)) for key in ("img_w", "img_h"))
    size = {"width": width, "height": height} if number(message, "img_w") and number(message, "img_h") else {}
    if not (upright := math.radians(min(number(message, "fov"), 170.0))) > 0:
        return size
    wide = (width / height) if size else 4 / 3
    across = math.degrees(2 * math.atan(math.tan(upright / 2) * wide))
    return {**size, "camera_fov_deg": min(max(across, 30.0), 140.0)}
