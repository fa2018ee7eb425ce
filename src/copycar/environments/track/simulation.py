"""A drive on the built-in track without pictures: physics, laps, other cars, people, and `info`. No rendering."""

import math
from typing import Any

import numpy as np

from copycar.core.frame import Action
from copycar.environments.track import people, traffic
from copycar.environments.track.conditions import Conditions
from copycar.environments.track.laps import LapCounter
from copycar.environments.track.layout import Prop
from copycar.environments.track.line import Line, Place
from copycar.environments.track.physics import Physics, Pose

_WRONG_WAY_S = 0.5
_ROLLING_MPS = 0.1


class Simulation:
    """One episode, from placing the car to its last step.

    Args:
        line: the centre line in the direction of driving.
        road_width_m: between the outer sides of the edge lines.
        props: what stands around.
        conditions: grip, latency, noise.
        n_cars: how many other cars drive round.
        rng: noise, the other cars' speeds, and people's ways.
        n_people: how many people walk beside the road.
    """

    def __init__(
        self,
        line: Line,
        road_width_m: float,
        props: list[Prop],
        conditions: Conditions,
        n_cars: int,
        rng: np.random.Generator,
        n_people: int = 0,
    ) -> None:
        self.line, self.road_width_m, self.conditions, self._rng = line, road_width_m, conditions, rng
        self._physics = Physics(props, n_cars, conditions.friction, conditions.latency_steps)
        self._n_cars, self._n_people = n_cars, n_people

    def start(self, progress: float, offset_m: float, heading_offset_rad: float, speed_mps: float) -> None:
        """Put the car at `progress` of the lap, right of the line by `offset_m`, turned left by the offset."""
        arc = (progress * self.line.length_m) % self.line.length_m
        self.cars = traffic.spread(self._n_cars, self.line, arc, self._rng)
        self._people = people.spread(self._n_people, self.line, self.road_width_m, self._rng)
        self._move_cars()
        x, y, heading = self.line.at(arc, offset_m)
        self.motion = self._physics.place((x, y, heading + heading_offset_rad), speed_mps)
        self.laps = LapCounter(self.line.length_m, arc)
        self.time_s, self._wrong_way_s = 0.0, 0.0
        self.place = self.line.locate(self.motion.x_m, self.motion.y_m, arc)

    def step(self, action: Action, seconds: float) -> None:
        """Let `seconds` pass with `action`, which is clipped and gets the actuators' noise."""
        traffic.advance(self.cars, self.line, self.place.arc_m, self.place.offset_m, seconds)
        cars = [self.place.arc_m, *(other.arc_m for other in self.cars)]
        people.advance(self._people, cars, self.line, self.road_width_m, seconds, self._rng)
        self._move_cars()
        self.motion = self._physics.step(self._noisy(action), seconds)
        self.time_s = round(self.time_s + seconds, 9)  # no dust from adding 0.05 a thousand times
        self._locate()
        self.laps.advance(self.place.arc_m, self.time_s)
        is_backward = abs(self.heading_error_rad) > math.pi / 2 and abs(self.motion.speed_mps) > _ROLLING_MPS
        self._wrong_way_s = self._wrong_way_s + seconds if is_backward else 0.0

    def rescue(self) -> None:
        """Put the car back on the line beside where it is, standing, clear of the other cars. Laps go on."""
        arc = self.place.arc_m
        gaps = [math.remainder(other.arc_m - arc, self.line.length_m) for other in self.cars]
        while any(abs(gap) < traffic.RESCUE_GAP_M for gap in gaps):
            arc -= 0.1
            gaps = [gap + 0.1 for gap in gaps]
        self.motion = self._physics.place(self.line.at(arc))
        self.place = self.line.locate(self.motion.x_m, self.motion.y_m, arc % self.line.length_m)
        self.laps.advance(self.place.arc_m, self.time_s)
        self._wrong_way_s = 0.0

    @property
    def heading_error_rad(self) -> float:
        """How far the car points left of the line's direction, -pi … pi."""
        return math.remainder(self.motion.heading_rad - self.place.heading_rad, math.tau)

    @property
    def is_off_track(self) -> bool:
        """Whether the car's centre is beyond the road's edge."""
        return abs(self.place.offset_m) > self.road_width_m / 2

    def poses(self) -> list[Pose]:
        """Return the pose of every car, the learner's first."""
        motion = self.motion
        others = [self.line.at(other.arc_m, traffic.LANE_OFFSET_M) for other in self.cars]
        return [(motion.x_m, motion.y_m, motion.heading_rad), *others]

    def people(self) -> list[Pose]:
        """Return the pose of every person beside or on the road."""
        return people.poses(self._people, self.line, self.road_width_m)

    def info(self) -> dict[str, Any]:
        """Return what every reset and step tells; see `copycar.testing.check_environment.INFO_KEYS`."""
        motion = self.motion
        return {
            "lap": self.laps.lap,
            "progress": self.laps.progress,
            "distance_m": self.laps.distance_m,
            "cross_track_error_m": self.place.offset_m,
            "heading_error_rad": self.heading_error_rad,
            "speed_mps": motion.speed_mps,
            "is_off_track": self.is_off_track,
            "is_collision": bool(motion.hit),
            "collision_with": motion.hit,
            "is_wrong_way": self._wrong_way_s >= _WRONG_WAY_S,
            "sim_time_s": self.time_s,
            "lap_time_s": self.laps.lap_time_s,
            "position_m": (motion.x_m, motion.y_m),
            "heading_rad": motion.heading_rad,
            "cars": self.poses(),
            "people": self.people(),
        }

    def _noisy(self, action: Action) -> Action:
        conditions = self.conditions
        if conditions.steering_noise == 0 and conditions.throttle_noise == 0:
            return action.clipped()
        steering, throttle = self._rng.normal(size=2) * (conditions.steering_noise, conditions.throttle_noise)
        moving = 1.0 if action.throttle else 0.0  # a switched-off motor does not jerk
        return Action(action.steering + steering, action.throttle + moving * throttle).clipped()

    def _locate(self) -> None:
        """Stay on this stretch of road while on it; once far off it, take the nearest stretch."""
        x, y = self.motion.x_m, self.motion.y_m
        place = self.line.locate(x, y, self.place.arc_m)
        if abs(place.offset_m) > 0.75 * self.road_width_m:
            place = self._nearer(place, self.line.locate(x, y))
        self.place = place

    def _nearer(self, here: Place, elsewhere: Place) -> Place:
        return elsewhere if abs(elsewhere.offset_m) < abs(here.offset_m) - 0.05 else here

    def _move_cars(self) -> None:
        for index, other in enumerate(self.cars):
            self._physics.move_other(index, self.line.at(other.arc_m, traffic.LANE_OFFSET_M))
