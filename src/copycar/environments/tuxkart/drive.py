"""Where the kart is on its lap, and what `info` says of it. Knows nothing of pictures or of the game's process."""

import math
from typing import Any

from copycar.environments.track.laps import LapCounter
from copycar.environments.tuxkart.messages import Seen
from copycar.environments.tuxkart.road import Road

_FASTEST_MPS = 60.0
"""No kart is faster, with nitro and downhill."""

_WRONG_WAY_S = 0.5
_ROLLING_MPS = 0.5


class Drive:
    """One drive, from its start on.

    Args:
        road: in the direction of driving.
        arc_m: where on it the kart was put.
        seen: the world there.
        step_s: seconds per step.
    """

    def __init__(self, road: Road, arc_m: float, seen: Seen, step_s: float) -> None:
        self.road, self._step_s = road, step_s
        self.laps = LapCounter(road.line.length_m, arc_m, jump_m=_FASTEST_MPS * step_s)
        self._n_steps = 0
        self.seen, self.beside = seen, road.locate(seen.place, arc_m)
        self._is_carried, self._wrong_way_s = False, 0.0

    def follow(self, seen: Seen) -> None:
        """Take the world after a step."""
        self._n_steps += 1
        moved_m = math.dist(self.seen.place, seen.place)
        self._is_carried = moved_m > _FASTEST_MPS * self._step_s
        self.seen, self.beside = seen, self.road.locate(seen.place, self.beside.arc_m)
        self.laps.advance(self.beside.arc_m, self.time_s)
        is_backward = abs(self.heading_error_rad) > math.pi / 2 and abs(seen.speed_mps) > _ROLLING_MPS
        self._wrong_way_s = self._wrong_way_s + self._step_s if is_backward else 0.0

    def put_back(self, seen: Seen) -> None:
        """Take the world after somebody has put the kart back where it was beside; laps go on."""
        self.seen, self.beside = seen, self.road.locate(seen.place, self.beside.arc_m)
        self._is_carried, self._wrong_way_s = False, 0.0
        self.laps.advance(self.beside.arc_m, self.time_s)

    @property
    def time_s(self) -> float:
        """Seconds of the game since the start."""
        return round(self._n_steps * self._step_s, 9)  # no dust: 95.25 and not 95.25000000000001

    @property
    def heading_error_rad(self) -> float:
        """How far the kart points left of the road, -pi … pi."""
        return math.remainder(self.seen.heading_rad - self.beside.heading_rad, math.tau)

    @property
    def _is_off_track(self) -> bool:
        """Whether it is beyond the road's edge and not on another road either, or the game had to fetch it.

        The game's own word alone does not do: above a ramp, in the air, a kart is on no road.
        """
        beyond = abs(self.beside.offset_m) > self.road.width_at(self.beside.arc_m) / 2
        return self._is_carried or (beyond and not self.seen.is_on_road)

    def info(self) -> dict[str, Any]:
        """Return what every reset and step tells; see `copycar.testing.check_environment.INFO_KEYS`.

        Besides: `rank` in the race, `is_carried` (the game's bird has just set the kart back), `nitro` collected, and
        `max_steering_rad` and `wheelbase_m`, which the expert steers by. The game does not tell what a kart touches.
        """
        x, _, z = self.seen.place
        return {
            "lap": self.laps.lap,
            "progress": self.laps.progress,
            "distance_m": self.laps.distance_m,
            "cross_track_error_m": self.beside.offset_m,
            "heading_error_rad": self.heading_error_rad,
            "speed_mps": self.seen.speed_mps,
            "is_off_track": self._is_off_track,
            "is_wrong_way": self._wrong_way_s >= _WRONG_WAY_S,
            "sim_time_s": self.time_s,
            "lap_time_s": self.laps.lap_time_s,
            "position_m": (x, z),
            "heading_rad": self.seen.heading_rad,
            "rank": self.seen.rank,
            "is_carried": self._is_carried,
            "nitro": self.seen.energy,
            "max_steering_rad": self.seen.max_steering_rad,
            "wheelbase_m": self.seen.wheelbase_m,
        }
