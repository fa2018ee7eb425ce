"""`copycar/Track-v0`: the built-in track as a `gymnasium.Env`.

Joins simulation and pictures. Knows nothing of how either works.
"""

from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Camera
from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Image
from copycar.core.vehicle import Vehicle
from copycar.environments.track import layout, vantage
from copycar.environments.track.conditions import Conditions, drawn, nominal
from copycar.environments.track.expert import PurePursuit
from copycar.environments.track.film import Studio
from copycar.environments.track.line import Line
from copycar.environments.track.options import TrackOptions
from copycar.environments.track.shapes import centre_curve
from copycar.environments.track.simulation import Simulation
from copycar.environments.track.start import Start

Observation = dict[str, Any]
Info = dict[str, Any]


class TrackEnvironment(gymnasium.Env[Observation, NDArray[np.float32]]):
    """A small car with a camera on a closed road.

    Observation: `{"image": uint8 (H, W, 3) RGB}`. Action: float32 `[steering, throttle]` in [-1, 1], steering positive
    to the right. A step is `1 / rate_hz` seconds. The reward is the distance gained along the line in metres, minus 1
    for leaving the road or touching something.

    Args:
        track: name of the track.
        render_mode: None or "rgb_array".
        options: fields of `TrackOptions`.

    Raises:
        CopycarError: unknown track or option, or a value out of range; all faults at once.
        DeviceError: the renderer cannot start.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012 - gymnasium's own declaration
    starts_anywhere = True

    def __init__(self, track: str = "oval", render_mode: str | None = None, **options: Any) -> None:
        self.options = build(TrackOptions, {"track": track, **options}, "the track's options")
        self.render_mode = render_mode
        self._forward = Line.through(centre_curve(self.options.track))
        self._backward = self._forward.reversed()
        self._conditions = nominal(self.options)
        self._studio: Studio | None = None
        self._simulation: Simulation | None = None
        self.metadata = {**self.metadata, "render_fps": round(self.options.rate_hz)}
        self.observation_space = gymnasium.spaces.Dict(self._picture_space())
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        if self.options.pictures or self.options.cameras or render_mode:
            self._studio = Studio(self.options, self._forward)

    @property
    def line(self) -> Line:
        """The centre line in the direction of driving; counter-clockwise before the first reset."""
        return self._simulation.line if self._simulation else self._forward

    @property
    def road_width_m(self) -> float:
        """Width of the road between the outer sides of its edge lines."""
        return self.options.road_width_m

    @property
    def simulation(self) -> Simulation:
        """The running episode.

        Raises:
            CopycarError: before the first reset.
        """
        if self._simulation is None:
            raise CopycarError("the track has no car on it yet", fix="call reset() first")
        return self._simulation

    @property
    def conditions(self) -> Conditions:
        """What this episode's world is like."""
        return self._conditions

    @property
    def camera(self) -> Camera:
        """The car's camera in the car's frame: x forward, y left, z up from the ground below the car's centre."""
        return self.vehicle.camera(self.options.width, self.options.height)

    @property
    def vehicle(self) -> Vehicle:
        """The car's geometry and how its camera is mounted in this episode."""
        return vantage.vehicle(self.options, self._conditions)

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Observation, Info]:
        """Start a new episode.

        Args:
            seed: for everything that is drawn at random in this and the following episodes.
            options: fields of `Start`: `progress`, `offset_m`, `heading_offset_rad`, `direction`, `speed_mps`.

        Raises:
            CopycarError: unknown option or a value out of range.
        """
        super().reset(seed=seed)
        start = build(Start, options or {}, "reset's options")
        self._conditions = drawn(self.options, self.np_random)
        line = self._forward if start.direction > 0 else self._backward
        width = self.options.road_width_m
        props = layout.scenery(self._forward, width, self._conditions.look) if self.options.scenery else []
        props = [*props, *layout.obstacles(self._forward, width, self.options.obstacles, self.np_random)]
        n_cars, n_people = self.options.cars, self.options.people
        self._simulation = Simulation(line, width, props, self._conditions, n_cars, self.np_random, n_people)
        self._simulation.start(start.progress, start.offset_m, start.heading_offset_rad, start.speed_mps)
        if self._studio:
            self._studio.build(props, self._conditions)
        return self._seen()

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, Info]:
        """Drive for one step; `action` is `[steering, throttle]`, clipped to [-1, 1].

        Raises:
            CopycarError: before the first reset, or a number is none (NaN, infinite).
        """
        simulation, wanted = self.simulation, Action(float(action[0]), float(action[1]))
        if not wanted.is_finite:
            raise CopycarError(f"the track got {wanted}", "a driver must return numbers", "look at who drives")
        before_m = simulation.laps.distance_m
        simulation.step(wanted, 1 / self.options.rate_hz)
        observation, info = self._seen()
        reward = float(info["distance_m"] - before_m) - float(info["is_off_track"] or info["is_collision"])
        return observation, reward, self.options.ends_off_track and info["is_off_track"], False, info

    def rescue(self) -> tuple[Observation, Info]:
        """Put the car back on the centre line at its nearest point, in its direction of driving, standing still."""
        self.simulation.rescue()
        return self._seen()

    def stop(self) -> None:
        """Do nothing: this car stands while nobody steps. A real one sets its throttle to 0 here."""

    def expert(self) -> PurePursuit:
        """Return the track's own demonstrator."""
        return PurePursuit(lambda: self.line)

    def render(self) -> Image | None:
        """Return a picture of the drive (`film_height`, `film_width`, 3), or None without a `render_mode`."""
        if self.render_mode is None:
            return None
        return self.overview(self.options.film_width, self.options.film_height, self.options.film_view)

    def overview(self, width: int, height: int, view: str = "follow") -> Image:
        """Return a picture for people: `view` is "follow" (behind the car) or "above" (the whole track).

        Raises:
            CopycarError: made with `pictures=False`, or an unknown view.
        """
        if self._studio is None:
            raise CopycarError("this track draws nothing", "it was made with pictures=False", "leave pictures=True")
        return self._studio.film(width, height, view, self.simulation)

    def close(self) -> None:
        """Free the renderer and the world. Harmless twice."""
        if self._studio:
            self._studio.close()
        self._studio = self._simulation = None

    def _picture_space(self) -> dict[str, gymnasium.spaces.Space[Any]]:
        if not self.options.pictures:
            return {}
        return {"image": gymnasium.spaces.Box(0, 255, (self.options.height, self.options.width, 3), np.uint8)}

    def _seen(self) -> tuple[Observation, Info]:
        info = self.simulation.info()
        observation: Observation = {}
        if self._studio:
            image, info["cameras"] = self._studio.shoot(self.simulation)
            if image is not None:
                observation["image"] = image
        return observation, info
