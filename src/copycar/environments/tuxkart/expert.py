"""A demonstrator that follows the middle of the road: pure pursuit, slowing for bends ahead.

It reads `info`, which a learner never sees. Knows nothing of pictures.
Source: R. C. Coulter, "Implementation of the Pure Pursuit Path Tracking Algorithm", CMU-RI-TR-92-01.
"""

import math
from collections.abc import Callable

from copycar.core.frame import Action, Info, Observation
from copycar.environments.track.line import Line

_LOOK_AHEAD_M = 3.0
_LOOK_AHEAD_S = 0.35
_SIDE_MPS2 = 18.0
"""Sideways acceleration it allows itself: karts of this game stick to the road far better than real ones."""
_BRAKING_MPS2 = 8.0
_BENDS_AHEAD_M = tuple(range(0, 32, 2))
"""How far ahead it looks for bends."""
_GAIN_S_PER_M = 0.25
"""Throttle per m/s that it is too slow."""
_HOLDING = 0.35
"""Throttle that holds a speed of 14 m/s on a level road."""


class LineFollower:
    """Drives along the middle of the road.

    Args:
        line_now: gives the line in the direction of driving (a reset may turn it round).
        cruise_mps: speed on straights.
    """

    def __init__(self, line_now: Callable[[], Line], cruise_mps: float) -> None:
        self._line_now, self._cruise_mps = line_now, cruise_mps

    def act(self, observation: Observation, info: Info) -> Action:
        """Return the action for this `info`; `observation` is not looked at."""
        line = self._line_now()
        arc_m = info["progress"] * line.length_m
        return Action(_steering(line, arc_m, info), self._throttle(line, arc_m, info["speed_mps"])).clipped()

    def _throttle(self, line: Line, arc_m: float, speed_mps: float) -> float:
        wanted = min(self._cruise_mps, *(_speed_for(line, arc_m, ahead_m) for ahead_m in _BENDS_AHEAD_M))
        throttle: float = _HOLDING + _GAIN_S_PER_M * (wanted - speed_mps)
        return throttle if throttle > -0.5 else -1.0  # the brake knows no half measures


def _steering(line: Line, arc_m: float, info: Info) -> float:
    ahead_m = _LOOK_AHEAD_M + _LOOK_AHEAD_S * max(info["speed_mps"], 0.0)
    x, y, _ = line.at(arc_m + ahead_m)
    own_x, own_y = info["position_m"]
    left = math.atan2(y - own_y, x - own_x) - info["heading_rad"]
    if math.cos(left) < 0:  # the target is behind: turn round as tightly as possible
        return -math.copysign(1.0, math.sin(left))
    angle = math.atan2(2 * info["wheelbase_m"] * math.sin(left), math.hypot(x - own_x, y - own_y))
    steering: float = -angle / info["max_steering_rad"]
    return steering


def _speed_for(line: Line, arc_m: float, ahead_m: float) -> float:
    """Return how fast it may be now to take the bend `ahead_m` from here."""
    bend_mps2 = _SIDE_MPS2 / max(abs(line.bend_at(arc_m + ahead_m)), 1e-3)
    return math.sqrt(bend_mps2 + 2 * _BRAKING_MPS2 * ahead_m)
