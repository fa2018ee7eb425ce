"""The road of an environment, for environments that can tell. Knows no particular one."""

from typing import Any

import numpy as np

from copycar.evaluation.trace import Road


def road_of(environment: Any) -> Road | None:
    """Return the road of the running episode; None where the environment has none.

    Args:
        environment: a gymnasium environment, after a reset. `line.points` is the closed centre line in the direction
            of driving, (N, 2) metres, start line first; `road_width_m`, its own or its options', is the width.
    """
    inner = environment.unwrapped
    points = getattr(getattr(inner, "line", None), "points", None)
    width_m = getattr(inner, "road_width_m", getattr(getattr(inner, "options", None), "road_width_m", None))
    if points is None or width_m is None:
        return None
    return Road(np.array(points, dtype=np.float64), float(width_m))
