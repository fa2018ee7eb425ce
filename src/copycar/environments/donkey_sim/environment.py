"""`donkey-sim:<scene>`: a running donkey simulator as a place to drive. Knows nothing of sockets.

The simulator runs on by itself, so the world is live: a step ends when the next picture has come. Where it tells the
nodes of its road, the car's place on it is known, and with it laps, cross-track error, rescue and an expert; else only
what each picture's telemetry says.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from copycar.core.config import build
from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import STOP, Action, Image
from copycar.core.toml import read_toml
from copycar.environments.donkey_sim.link import Link
from copycar.environments.donkey_sim.messages import CTE_PER_M, Message, heading_rad, number, picture, quaternion
from copycar.environments.donkey_sim.options import DonkeySimOptions
from copycar.environments.donkey_sim.road import Road, ask_for_road
from copycar.environments.starts import refuse_starts
from copycar.environments.track.expert import PurePursuit
from copycar.environments.track.line import Line

Observation = dict[str, Any]
Info = dict[str, Any]

RATE_HZ = 20
SETTLING_STEPS = 4
"""A reset car drops onto the road for a fifth of a second; the pictures of that time belong to no drive."""


class DonkeySimEnvironment(gymnasium.Env[Observation, NDArray[np.float32]]):
    """A car in a donkey simulator.

    Observation: `{"image": uint8 (H, W, 3) RGB}`. Action: float32 `[steering, throttle]` in [-1, 1]. The reward is the
    way won in metres (0 where the road is unknown), minus 1 for touching something. A simulator that is restarted ends
    the drive as truncated; the next reset connects again.

    Args:
        scene: the simulator's name of the scene, or a TOML file with `DonkeySimOptions`.
        render_mode: None or "rgb_array", which shows what the car sees.
        options: fields of `DonkeySimOptions`.

    Raises:
        CopycarError: unknown scene or option.
        DeviceError: no simulator answers.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": RATE_HZ}  # noqa: RUF012 - gymnasium's own declaration

    def __init__(self, scene: str = "generated_track", render_mode: str | None = None, **options: Any) -> None:
        told = read_toml(Path(scene)) if scene.endswith(".toml") else {"scene": scene}
        self.options = build(DonkeySimOptions, {**told, **options}, f"donkey-sim:{scene}")
        self.render_mode = render_mode
        size = (self.options.height, self.options.width, 3)
        self.observation_space = gymnasium.spaces.Dict({"image": gymnasium.spaces.Box(0, 255, size, np.uint8)})
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self._image: Image = np.zeros(size, np.uint8)
        self._seen_s, self._first_lap = 0.0, 0
        self._link, self._road = self._connected()

    @property
    def road_width_m(self) -> float:
        """Width of the road."""
        return self.options.road_width_m

    def __getattr__(self, name: str) -> Any:
        """Return what only a known road allows: `line`, `expert`, `rescue`."""
        road: Road | None = self.__dict__.get("_road")
        if road is None or name not in {"line", "expert", "rescue"}:
            raise AttributeError(name)
        return road.line if name == "line" else getattr(self, f"_{name}")

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Observation, Info]:
        """Put the car back to the start of its scene; connect again where the simulator was restarted.

        Raises:
            DeviceError: no simulator answers.
            CopycarError: `options` ask for another start.
        """
        refuse_starts(options, "the donkey simulator")
        super().reset(seed=seed)
        if not self._link.is_open:
            self._link.close()
            self._link, self._road = self._connected()
        self._seen_s = time.monotonic()
        self._link.send("reset_car")
        self._settle()
        if self._road:
            self._road.restart()
        self._first_lap = max(0, len(self._link.laps) - 1)  # the reset car stands on the line
        return self._told(self._settle())

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, Info]:
        """Send the action and wait for the next picture.

        Raises:
            CopycarError: a number of the action is none (NaN, infinite).
            DeviceError: the simulator is connected and silent.
        """
        wanted = Action(float(action[0]), float(action[1]))
        if not wanted.is_finite:
            raise CopycarError(f"the simulator got {wanted}", "a driver must return numbers", "look at who drives")
        before_m = self._road.distance_m if self._road else 0.0
        telemetry = self._exchanged(wanted.clipped())
        if telemetry is None:
            return {"image": self._image.copy()}, 0.0, False, True, self._info
        observation, info = self._told(telemetry)
        won_m = (self._road.distance_m if self._road else 0.0) - before_m
        return observation, won_m - float(info["is_collision"]), False, False, info

    def stop(self) -> None:
        """Let the car stand: no throttle, the brake on."""
        self._link.send("control", steering=0.0, throttle=0.0, brake=1.0)

    def render(self) -> Image | None:
        """Return what the car saw last, or None without a `render_mode`."""
        return None if self.render_mode is None else self._image.copy()

    def close(self) -> None:
        """Hang up; harmless twice."""
        self._link.close()

    def _connected(self) -> tuple[Link, Road | None]:
        asked = self.options
        link = Link(asked.host, asked.port, asked.scene, _settings(asked), asked.patience_s)
        return link, ask_for_road(link, asked.road_width_m, asked.patience_s) if asked.asks_road else None

    def _exchanged(self, action: Action) -> Message | None:
        """Send the action and return the next telemetry; None where the simulator hung up."""
        self._link.send("control", steering=action.steering, throttle=action.throttle, brake=0.0)
        return self._next_telemetry()

    def _expert(self) -> PurePursuit:
        return PurePursuit(self._line_now, cruise_mps=1.5)

    def _line_now(self) -> Line:
        assert self._road is not None
        return self._road.line

    def _rescue(self) -> tuple[Observation, Info]:
        """Put the car back on the road where it was nearest to it, standing."""
        assert self._road is not None
        x_m, y_m, heading = self._road.nearest()
        self._link.send("set_position", pos_x=x_m, pos_y=0.0, pos_z=y_m, **quaternion(heading))
        return self._told(self._settle())

    def _settle(self) -> Message:
        """Stand for a moment; return the last telemetry of it."""
        for _ in range(SETTLING_STEPS):
            telemetry = self._exchanged(STOP)
        if telemetry is None:
            raise DeviceError("the simulator hung up", "it was restarted or closed", "start it and try again")
        return telemetry

    def _next_telemetry(self) -> Message | None:
        """Return the next telemetry with a picture; None where the simulator hung up."""
        until_s = time.monotonic() + self.options.patience_s
        while (left_s := until_s - time.monotonic()) > 0:
            news = self._link.wait("telemetry", self._seen_s, left_s)
            if news is None:
                break
            telemetry, self._seen_s = news
            image = picture(telemetry)
            if image is not None and image.shape == self._image.shape:
                self._image = image
                return telemetry
        if not self._link.is_open:
            return None
        raise DeviceError(
            f"for {self.options.patience_s:g} s no {self.options.width}x{self.options.height} picture came",
            "it hangs, or its camera has another size",
            "restart it, or set width and height to what its camera gives",
        )

    def _time(self, telemetry: Message) -> Info:
        """Return the simulator's time where it waits for us, else how old its picture is."""
        if self.options.is_synchronous:
            return {"sim_time_s": number(telemetry, "time")}
        return {"frame_age_s": max(0.0, time.monotonic() - self._seen_s)}

    def _told(self, telemetry: Message) -> tuple[Observation, Info]:
        hit = str(telemetry.get("hit", "none"))
        info: Info = {
            "speed_mps": float(number(telemetry, "speed")),
            "is_collision": hit != "none",
            "collision_with": "" if hit == "none" else "scenery",
            "position_m": (number(telemetry, "pos_x"), number(telemetry, "pos_z")),
            "heading_rad": heading_rad(number(telemetry, "yaw")),
            "donkey_cte_m": number(telemetry, "cte") / CTE_PER_M,
            **self._time(telemetry),
        }
        laps = self._link.laps[self._first_lap :]
        info["lap_time_s"] = laps[-1] - laps[-2] if len(laps) > 1 else None
        if self._road:
            info |= self._road.told(info, number(telemetry, "time"))
        self._info = info
        return {"image": self._image.copy()}, info


def _settings(asked: DonkeySimOptions) -> list[Message]:
    nothing = dict.fromkeys(("fish_eye_x", "fish_eye_y", "offset_x", "offset_y", "offset_z", "rot_x"), 0.0)
    camera: Message = {"msg_type": "cam_config", "img_w": asked.width, "img_h": asked.height, "img_d": 3}
    settings: list[Message] = [{**camera, "img_enc": "JPG", "fov": asked.fov_deg, **nothing}]
    if asked.is_synchronous:
        settings.append({"msg_type": "step_mode", "step_mode": "synchronous", "time_step": 1 / RATE_HZ})
    return settings
