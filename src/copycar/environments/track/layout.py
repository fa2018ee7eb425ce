"""Where things stand beside the road: trees, buildings, cones. Knows nothing of how they look or are drawn.

Nothing ever stands on the road, except the obstacles that a user asks for, which stand on its edges.
"""

import math
from dataclasses import dataclass

import numpy as np

from copycar.environments.track.line import Line

CONE_RADIUS_M = 0.06
_MARGIN_M = 0.35
_OUTSKIRTS_M = 3.5

_Foot = tuple[float, float, float]
"""x, y and radius of the circle that a thing stands on."""


@dataclass(frozen=True, slots=True)
class Prop:
    """One thing on the ground.

    Attributes:
        kind: "tree", "fir", "building", "cone" or "post".
        x_m, y_m, heading_rad: where it stands.
        size_m: (length, width, height).
        variant: number in [0, 1) that picks colours.
    """

    kind: str
    x_m: float
    y_m: float
    heading_rad: float
    size_m: tuple[float, float, float]
    variant: float

    @property
    def radius_m(self) -> float:
        """Radius of the circle around its foot."""
        length, width, _ = self.size_m
        return 0.5 * math.hypot(length, width)


def scenery(line: Line, road_width_m: float, seed: int) -> list[Prop]:
    """Return what stands beside the road: bend cones, the posts of the start gate, buildings, then trees."""
    rng = np.random.default_rng([2, seed])
    props = [*start_posts(line, road_width_m), *_bend_cones(line, road_width_m, rng)]
    taken = [_foot(prop) for prop in props]
    for kind, count in (("building", 11), ("tree", 34), ("fir", 34)):
        for _ in range(count):
            prop = _placed(kind, taken, line, road_width_m, rng)
            if prop:
                props.append(prop)
                taken.append(_foot(prop))
    return props


def obstacles(line: Line, road_width_m: float, count: int, rng: np.random.Generator) -> list[Prop]:
    """Return `count` cones on the road's edges, none within 2 m after the start line."""
    props = []
    for _ in range(count):
        arc = rng.uniform(2.0, line.length_m - 1.0)
        side = 1.0 if rng.random() < 0.5 else -1.0
        x, y, heading = line.at(arc, side * (road_width_m / 2 - 0.08))
        props.append(Prop("cone", x, y, heading, (0.12, 0.12, 0.2), 0.0))
    return props


def start_posts(line: Line, road_width_m: float) -> list[Prop]:
    """Return the two posts that carry the banner over the start line: left, then right."""
    props = []
    for side in (-1.0, 1.0):
        x, y, heading = line.at(0.0, side * (road_width_m / 2 + 0.16))
        props.append(Prop("post", x, y, heading, (0.05, 0.05, 0.75), 0.0))
    return props


def _bend_cones(line: Line, road_width_m: float, rng: np.random.Generator) -> list[Prop]:
    """Cones on the outside of every bend tighter than 1.6 m, 0.7 m apart."""
    props = []
    for arc in np.arange(0.5, line.length_m - 0.5, 0.7):
        bend = line.bend_at(arc)
        if abs(bend) > 1 / 1.6:
            x, y, heading = line.at(arc, np.sign(bend) * (road_width_m / 2 + 0.28))
            if _is_beside_road(x, y, CONE_RADIUS_M, line, road_width_m, 0.15):
                props.append(Prop("cone", x, y, heading, (0.12, 0.12, 0.2), float(rng.random())))
    return props


def _placed(kind: str, taken: list[_Foot], line: Line, road_width_m: float, rng: np.random.Generator) -> Prop | None:
    """One thing where it touches neither the road nor another; None after 30 tries."""
    low, high = line.points.min(axis=0) - _OUTSKIRTS_M, line.points.max(axis=0) + _OUTSKIRTS_M
    for _ in range(30):
        x, y = rng.uniform(low, high).tolist()
        prop = Prop(kind, x, y, float(rng.uniform(0, 2 * np.pi)), _size(kind, rng), float(rng.random()))
        apart = prop.radius_m + 0.1
        if not _is_beside_road(x, y, prop.radius_m, line, road_width_m, _MARGIN_M):
            continue
        if all(math.hypot(x - other_x, y - other_y) > apart + radius for other_x, other_y, radius in taken):
            return prop
    return None


def _foot(prop: Prop) -> _Foot:
    return prop.x_m, prop.y_m, prop.radius_m


def _is_beside_road(x: float, y: float, radius: float, line: Line, road_width_m: float, margin: float) -> bool:
    return abs(line.locate(x, y).offset_m) > road_width_m / 2 + margin + radius - 1e-6


def _size(kind: str, rng: np.random.Generator) -> tuple[float, float, float]:
    if kind == "building":
        return float(rng.uniform(0.9, 1.8)), float(rng.uniform(0.8, 1.3)), float(rng.uniform(0.8, 2.0))
    width = float(rng.uniform(0.35, 0.75))
    return width, width, float(rng.uniform(0.7, 1.5))
