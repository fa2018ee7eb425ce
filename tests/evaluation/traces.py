"""Makes traces by hand, so that every metric can be computed on paper."""

from typing import Any

import numpy as np

from copycar.evaluation.trace import Intervention, Road, Trace
from copycar.evaluation.trial import Trial

RADIUS_M = 2.0


def circle_road(width_m: float = 0.8) -> Road:
    angle = np.linspace(0.0, 2 * np.pi, 400, endpoint=False)
    return Road(RADIUS_M * np.column_stack([np.cos(angle), np.sin(angle)]), width_m)


def make_trace(
    laps: float = 3.0, *, n_ticks: int = 600, duration_s: float = 30.0, asked: int = 3, **other: Any
) -> Trace:
    """A drive round the circle at a steady speed, 5 cm right of the middle, unless told otherwise."""
    share = np.arange(1, n_ticks + 1) / n_ticks
    driven = laps * share
    angle = 2 * np.pi * driven
    values: dict[str, Any] = {
        "trial": Trial("circle", laps=asked),
        "t_s": duration_s * share,
        "position_m": (RADIUS_M + 0.05) * np.column_stack([np.cos(angle), np.sin(angle)]),
        "heading_rad": angle + np.pi / 2,
        "cross_track_error_m": np.full(n_ticks, 0.05),
        "heading_error_rad": np.zeros(n_ticks),
        "speed_mps": np.full(n_ticks, 1.2),
        "steering": np.full(n_ticks, -0.3),
        "throttle": np.full(n_ticks, 0.4),
        "progress": driven % 1.0,
        "laps_driven": driven,
        "latency_ms": np.full(n_ticks, 2.0),
        "road": circle_road(),
    }
    return Trace(**(values | other))


def help_at(t_s: float, cause: str = "off-track", tick: int = 0) -> Intervention:
    return Intervention(cause, tick, t_s, 1.0, 2.0, 0.5)


def unknown(n_ticks: int = 600) -> np.ndarray:
    return np.full(n_ticks, np.nan)
