"""Makes `copycar.testing`'s circle a gymnasium environment that worker processes can make by its name."""

from typing import Any

import gymnasium
import numpy as np

from copycar.testing.environment import HALF_ROAD_M, RADIUS_M, CircleTrack

NAME = "circle:Circle-v0"
"""Module and id: gymnasium imports this module in whatever process makes the environment."""


class Line:
    """The centre line in the direction of driving, in the shape of the built-in track's."""

    def __init__(self, direction: int) -> None:
        angle = direction * np.linspace(0.0, 2 * np.pi, 200, endpoint=False)
        self.points = RADIUS_M * np.column_stack([np.cos(angle), np.sin(angle)])


class Circle(CircleTrack):
    """The circle with a road that it tells of."""

    road_width_m = 2 * HALF_ROAD_M

    @property
    def line(self) -> Line:
        return Line(self._direction)


def make(render_mode: str | None = None, **options: Any) -> Circle:  # it can always render
    return Circle(**options)


gymnasium.register("Circle-v0", entry_point=make, disable_env_checker=True)
