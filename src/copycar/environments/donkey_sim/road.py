"""The road of a simulator's scene, asked for node by node, and a car's place on it. Knows nothing of pictures."""

import time
from typing import Any

import numpy as np

from copycar.environments.donkey_sim.link import Link, known_number
from copycar.environments.donkey_sim.messages import number
from copycar.environments.track.laps import LapCounter
from copycar.environments.track.line import Line

MOST_NODES = 2000
NODE_TIMEOUT_S = 1.0


class Road:
    """A closed road and where the car is on it.

    Args:
        line: its middle, in the order of its nodes.
        width_m: between its edges.
    """

    def __init__(self, line: Line, width_m: float) -> None:
        self.line, self._width_m = line, width_m
        self._arc_m: float | None = None
        self._laps = LapCounter(line.length_m, 0.0)
        self._began_s: float | None = None

    @property
    def distance_m(self) -> float:
        """Driven along the road since the restart."""
        return self._laps.distance_m

    def restart(self) -> None:
        """Forget the laps: the next place is the start."""
        self._arc_m = self._began_s = None

    def nearest(self) -> tuple[float, float, float]:
        """Return (x_m, y_m, heading_rad) of the middle of the road beside the car."""
        return self.line.at(self._arc_m or 0.0)

    def told(self, info: dict[str, Any], time_s: float) -> dict[str, Any]:
        """Return what copycar's contract tells of a car on a road.

        Args:
            info: with `position_m` and `heading_rad`.
            time_s: the simulator's.
        """
        place = self.line.locate(*info["position_m"])
        if self._began_s is None or self._arc_m is None:
            is_at_start = min(place.arc_m, self.line.length_m - place.arc_m) < 0.5  # metres: beside the first node
            self._laps = LapCounter(self.line.length_m, 0.0 if is_at_start else place.arc_m)
            self._began_s = time_s
        self._arc_m = place.arc_m
        self._laps.advance(place.arc_m, time_s - self._began_s)
        error = float(np.remainder(info["heading_rad"] - place.heading_rad + np.pi, 2 * np.pi) - np.pi)
        return {
            "lap": self._laps.lap,
            "progress": self._laps.progress,
            "distance_m": self._laps.distance_m,
            "cross_track_error_m": place.offset_m,
            "heading_error_rad": error,
            "is_off_track": abs(place.offset_m) > self._width_m / 2,
            "is_wrong_way": abs(error) > np.pi / 2,
            "lap_time_s": self._laps.lap_time_s,
            "cars": [(*info["position_m"], info["heading_rad"])],
        }


def ask_for_road(link: Link, width_m: float, patience_s: float) -> Road | None:
    """Ask the simulator for the nodes of its road; None where it does not tell them.

    Args:
        link: with a car on the road.
        width_m: of the road.
        patience_s: how long to wait for the first telemetry.
    """
    news = link.wait("telemetry", float("-inf"), patience_s)
    if news is None or not known_number(news[0], "totalNodes"):
        return None
    n_nodes = int(number(news[0], "totalNodes"))
    if not 4 <= n_nodes <= MOST_NODES:
        return None
    nodes = []
    for index in range(n_nodes):
        asked_s = time.monotonic()
        link.send("node_position", index=index)
        answer = link.wait("node_position", asked_s, NODE_TIMEOUT_S)
        if answer is None:
            return None
        nodes.append((number(answer[0], "pos_x"), number(answer[0], "pos_z")))
    return Road(Line.through(np.array(nodes)), width_m)
