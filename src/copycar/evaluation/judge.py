"""Decides from what an environment tells when somebody would have to help. Knows nothing of what the help is.

The rules are those of a teacher beside the track: off the road, a hit, driving the wrong way, or standing there.
"""

import math

from copycar.core.frame import Info
from copycar.evaluation.trace import CAR_HIT, OFF_TRACK, SCENERY_HIT, STUCK, WRONG_WAY

WRONG_WAY_S = 1.0
"""Longer than a wobble, shorter than the way to the next bend."""

STUCK_S = 3.0
STUCK_M = 0.1
"""Moved less than this in `STUCK_S`: 3 cm/s, which no small car drives on purpose."""


class Judge:
    """Watches one drive.

    Every key of `info` is optional: what an environment does not tell is not judged.
    """

    def __init__(self) -> None:
        self._place_m, self._there_since_s = (math.nan, math.nan), 0.0
        self._right_way_s = 0.0

    def restart(self, info: Info, time_s: float) -> None:
        """Start afresh: the car was just placed."""
        self._place_m, self._there_since_s = info.get("position_m", (math.nan, math.nan)), time_s
        self._right_way_s = time_s

    def cause(self, info: Info, time_s: float) -> str | None:
        """Return why somebody has to help now, or None."""
        if info.get("is_collision"):
            return CAR_HIT if info.get("collision_with") == "car" else SCENERY_HIT
        if info.get("is_off_track"):
            return OFF_TRACK
        if self._is_wrong_way(info, time_s):
            return WRONG_WAY
        return STUCK if self._is_stuck(info, time_s) else None

    def _is_wrong_way(self, info: Info, time_s: float) -> bool:
        if not info.get("is_wrong_way"):
            self._right_way_s = time_s
        return time_s - self._right_way_s > WRONG_WAY_S

    def _is_stuck(self, info: Info, time_s: float) -> bool:
        if "position_m" not in info:
            return False
        if math.dist(info["position_m"], self._place_m) >= STUCK_M:
            self._place_m, self._there_since_s = info["position_m"], time_s
        return time_s - self._there_since_s >= STUCK_S - 1e-9
