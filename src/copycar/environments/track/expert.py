"""The track's own demonstrator: pure pursuit with a look-ahead that grows with speed, slowing for bends ahead.

It reads `info`, which a learner never sees. Knows nothing of pictures or physics.
Source: R. C. Coulter, "Implementation of the Pure Pursuit Path Tracking Algorithm", CMU-RI-TR-92-01.
"""

import math
from collections.abc import Callable

from copycar.core.frame import Action, Info, Observation
from copycar.environments.track import car
from copycar.environments.track.line import Line

_LOOK_AHEAD_M = 0.3
_LOOK_AHEAD_S = 0.17
_SIDE_GRIP_MPS2 = 3.2
"""Sideways acceleration it allows itself, a third of what the tyres hold."""
_BRAKING_MPS2 = 2.0


class PurePursuit:
    """Drives along the centre line.

    Args:
        line_now: gives the line in the direction of driving (a reset may turn it round).
        cruise_mps: speed on straights.
    """

    def __init__(self, line_now: Callable[[], Line], cruise_mps: float = 2.0) -> None:
        self._line_now, self._cruise_mps = line_now, cruise_mps

    def reset(self) -> None:
        """Do nothing: it remembers nothing."""

    def act(self, observation: Observation, info: Info) -> Action:
        """Return the action for this `info`; `observation` is not looked at."""
        line = self._line_now()
        arc = info["progress"] * line.length_m
        speed = max(info["speed_mps"], 0.0)
        return Action(self._steering(line, arc, speed, info), self._throttle(line, arc, speed)).clipped()

    def _steering(self, line: Line, arc: float, speed: float, info: Info) -> float:
        distance = _LOOK_AHEAD_M + _LOOK_AHEAD_S * speed
        x, y, _ = line.at(arc + distance, _passing_offset(line, arc, info))
        own_x, own_y = info["position_m"]
        bearing = math.atan2(y - own_y, x - own_x) - info["heading_rad"]
        angle = math.atan2(2 * car.WHEELBASE_M * math.sin(bearing), math.hypot(x - own_x, y - own_y))
        if math.cos(bearing) < 0:  # the target is behind: turn round as tightly as possible
            angle = math.copysign(car.MAX_WHEEL_ANGLE_RAD, math.sin(bearing))
        return -angle / car.MAX_WHEEL_ANGLE_RAD

    def _throttle(self, line: Line, arc: float, speed: float) -> float:
        target = self._cruise_mps
        for ahead in range(12):  # 2.4 m: twice what it needs to brake from cruise
            distance = 0.2 * ahead
            bend = abs(line.bend_at(arc + distance)) + 1e-6
            target = min(target, math.sqrt(_SIDE_GRIP_MPS2 / bend + 2 * _BRAKING_MPS2 * distance))
        return target / car.TOP_SPEED_MPS + 0.8 * (target - speed)


def _passing_offset(line: Line, arc: float, info: Info) -> float:
    """How far right of the line to aim: left of a car that is up to 1.5 m ahead or still beside, else on the line."""
    for x, y, _ in info["cars"][1:]:
        gap = math.remainder(line.locate(x, y).arc_m - arc, line.length_m)
        if -0.5 < gap < 1.5:
            return -0.2
    return 0.0
