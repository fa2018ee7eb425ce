"""A tiny place to drive: a circle, a kinematic car, a painted road. Keeps the contract of every copycar environment.

For tests and first tries: numpy only, thousands of steps a second, no renderer. It knows nothing of real physics.
"""

import math
from typing import Any, NamedTuple

import gymnasium
import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Camera
from copycar.core.clock import Clock
from copycar.core.frame import Action, Image, Info, Observation

RADIUS_M = 2.0
HALF_ROAD_M = 0.4
WHEELBASE_M = 0.25
MAX_WHEEL_RAD = 0.45
ACCELERATION_MPS2 = 4.0
DRAG_HZ = 2.0  # full throttle settles at ACCELERATION / DRAG = 2 m/s
LOOK_AHEAD_M = 0.6

SKY, GRASS, ROAD, LINE = (150, 190, 230), (60, 120, 50), (90, 90, 95), (230, 220, 200)
LINE_M = 0.05


class Pose(NamedTuple):
    """Where the car stands: metres, and radians counter-clockwise from +X."""

    x_m: float
    y_m: float
    heading_rad: float


class CircleTrack(gymnasium.Env[dict[str, Any], NDArray[np.float32]]):
    """A circular road of 2 m radius.

    Args:
        image_size: (height, width) px.
        rate_hz: steps per simulated second.
        ends_off_track: whether leaving the road terminates the episode.
        clock: makes a world that does not wait, as a real car's: a step lasts as long as it simulates on this clock,
            and `sim_time_s` is not told. Without one the world stands still between steps.

    Attributes:
        stops: how often `stop` was called.
        actions: every action executed since the last reset, float32 (2,).
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012 - gymnasium's own attribute
    render_mode = "rgb_array"
    starts_anywhere = True

    def __init__(
        self,
        image_size: tuple[int, int] = (24, 32),
        rate_hz: float = 20.0,
        *,
        ends_off_track: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self.observation_space = gymnasium.spaces.Dict(
            {"image": gymnasium.spaces.Box(0, 255, (*image_size, 3), np.uint8)}
        )
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self.stops = 0
        self.actions: list[NDArray[np.float32]] = []
        self._step_s = 1.0 / rate_hz
        self._ends_off_track, self._clock = ends_off_track, clock
        self._image_size, self._ground_m = image_size, _ground_seen(image_size)
        self._pose, self._direction = Pose(RADIUS_M, 0.0, math.pi / 2), 1
        self._start()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Image], dict[str, Any]]:
        """Put the car on the road; the options are those of every track environment, all 0 or forward by default."""
        super().reset(seed=seed)
        asked = options or {}
        self._direction = int(asked.get("direction", 1))
        self._pose = self._placed(
            asked.get("progress", 0.0) * math.tau * self._direction,
            asked.get("offset_m", 0.0),
            asked.get("heading_offset_rad", 0.0),
        )
        self._start(asked.get("speed_mps", 0.0))
        return self._observation(), self._info()

    def step(self, action: Any) -> tuple[dict[str, Image], float, bool, bool, dict[str, Any]]:
        """Drive for one tick; the reward is the distance won along the centre line, metres."""
        self.actions.append(np.array(action, dtype=np.float32))
        before = self._angle()
        self._move(Action(float(action[0]), float(action[1])).clipped())
        won_m = self._direction * _wrapped(self._angle() - before) * RADIUS_M
        self._distance_m += won_m
        self._time_s += self._step_s
        if self._clock:
            self._clock.sleep(self._step_s)
        self._count_lap()
        info = self._info()
        return self._observation(), won_m, self._ends_off_track and info["is_off_track"], False, info

    def render(self) -> Image:
        """Return what the car's camera sees."""
        return self._observation()["image"]

    def rescue(self) -> tuple[dict[str, Image], dict[str, Any]]:
        """Put the car back on the centre line, standing still; lap counting goes on."""
        self._pose, self._speed_mps = self._placed(self._angle(), 0.0, 0.0), 0.0
        return self._observation(), self._info()

    def stop(self) -> None:
        """Stand still at once; counted in `stops`."""
        self.stops += 1
        self._speed_mps = 0.0

    def expert(self) -> "CircleExpert":
        """Return the demonstrator that keeps to the centre line."""
        return CircleExpert()

    def _start(self, speed_mps: float = 0.0) -> None:
        self._speed_mps, self._distance_m, self._time_s = speed_mps, 0.0, 0.0
        self._laps, self._lap_started_s = 0, 0.0
        self._lap_time_s: float | None = None
        self.actions = []

    def _placed(self, angle: float, offset_m: float, heading_offset_rad: float) -> Pose:
        radius_m = RADIUS_M + self._direction * offset_m  # right is outward when driving counter-clockwise
        heading = angle + self._direction * math.pi / 2 + heading_offset_rad
        return Pose(radius_m * math.cos(angle), radius_m * math.sin(angle), _wrapped(heading))

    def _move(self, action: Action) -> None:
        self._speed_mps += (ACCELERATION_MPS2 * action.throttle - DRAG_HZ * self._speed_mps) * self._step_s
        turn_rad = -self._speed_mps * math.tan(action.steering * MAX_WHEEL_RAD) / WHEELBASE_M * self._step_s
        x_m, y_m, heading = self._pose
        middle = heading + turn_rad / 2
        forward_m = self._speed_mps * self._step_s
        self._pose = Pose(
            x_m + forward_m * math.cos(middle), y_m + forward_m * math.sin(middle), _wrapped(heading + turn_rad)
        )

    def _count_lap(self) -> None:
        if math.floor(self._distance_m / (math.tau * RADIUS_M)) > self._laps:
            self._laps += 1
            self._lap_time_s = self._time_s - self._lap_started_s
            self._lap_started_s = self._time_s

    def _angle(self) -> float:
        return math.atan2(self._pose.y_m, self._pose.x_m)

    def _info(self) -> dict[str, Any]:
        x_m, y_m, heading = self._pose
        cross_track_m = self._direction * (math.hypot(x_m, y_m) - RADIUS_M)
        heading_error = _wrapped(heading - self._angle() - self._direction * math.pi / 2)
        info: dict[str, Any] = {
            "lap": self._laps,
            "progress": self._direction * self._angle() / math.tau % 1.0,
            "distance_m": self._distance_m,
            "cross_track_error_m": cross_track_m,
            "heading_error_rad": heading_error,
            "speed_mps": self._speed_mps,
            "is_off_track": abs(cross_track_m) > HALF_ROAD_M,
            "is_collision": False,
            "collision_with": "",
            "is_wrong_way": abs(heading_error) > math.pi / 2,
            "lap_time_s": self._lap_time_s,
            "position_m": (x_m, y_m),
            "heading_rad": heading,
        }
        return info if self._clock else {**info, "sim_time_s": self._time_s}

    def _observation(self) -> dict[str, Image]:
        x_m, y_m, heading = self._pose
        ahead_m, left_m = self._ground_m[:, 0], self._ground_m[:, 1]
        world_x = x_m + ahead_m * math.cos(heading) - left_m * math.sin(heading)
        world_y = y_m + ahead_m * math.sin(heading) + left_m * math.cos(heading)
        return {"image": _painted(np.hypot(world_x, world_y)).reshape(*self._image_size, 3)}


class CircleExpert:
    """Keeps to the centre line by pure pursuit of a point 0.6 m ahead, at a steady speed."""

    def act(self, observation: Observation, info: Info) -> Action:
        """Return the action; reads only `info`."""
        to_line_rad = math.atan2(info["cross_track_error_m"], LOOK_AHEAD_M)
        x_m, y_m = info["position_m"]
        is_circle_left = math.sin(info["heading_rad"]) * x_m > math.cos(info["heading_rad"]) * y_m
        curvature = (1.0 if is_circle_left else -1.0) / RADIUS_M
        wanted_left = curvature + 2 * (to_line_rad - info["heading_error_rad"]) / LOOK_AHEAD_M
        steering = -math.atan(WHEELBASE_M * wanted_left) / MAX_WHEEL_RAD
        return Action(steering, 0.5 + 0.5 * (1.0 - info["speed_mps"])).clipped()


def _ground_seen(image_size: tuple[int, int]) -> NDArray[np.float64]:
    """Return where each pixel meets the ground, (H * W, 2) metres ahead and left of the car; NaN in the sky."""
    height, width = image_size
    camera = Camera.placed(width, height, math.radians(100), (0.0, 0.0, 0.2), pitch_rad=math.radians(15))
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    return camera.ground_points(np.column_stack([columns.ravel(), rows.ravel()]))


def _painted(radius_m: NDArray[np.float64]) -> Image:
    """Return the RGB colours, uint8 (N, 3), of ground points at `radius_m` from the centre; NaN is sky."""
    from_centre_m = np.abs(radius_m - RADIUS_M)
    colours = np.full((len(radius_m), 3), SKY, dtype=np.uint8)
    colours[from_centre_m > HALF_ROAD_M] = GRASS
    colours[from_centre_m <= HALF_ROAD_M] = ROAD
    colours[(from_centre_m < LINE_M / 2) | (np.abs(from_centre_m - HALF_ROAD_M) < LINE_M)] = LINE
    return colours


def _wrapped(angle_rad: float) -> float:
    return math.remainder(angle_rad, math.tau)
