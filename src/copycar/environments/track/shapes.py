"""The built-in tracks by name: closed centre lines that a small car can drive. Knows nothing of roads or pictures.

A name is versioned (`oval-v1`): the same name is the same curve for ever, so that scores stay comparable. A better
oval would be `oval-v2`; the bare name means the newest version.
"""

import math
import re

import numpy as np

from copycar.core.errors import CopycarError, did_you_mean
from copycar.environments.track.curves import Array, clearance, curvatures, headings, perimeter, rounded

MIN_RADIUS_M = 0.9
"""No bend of a built-in track is tighter; the car's smallest turning circle is 0.26 m / tan 27 deg = 0.51 m."""

MIN_CLEARANCE_M = 1.9
"""Two stretches of a built-in track are never nearer, centre to centre: a 1.2 m road and 0.7 m between two."""

N_POINTS = 2048

# Corners in metres, counter-clockwise, and the sigma in metres that rounds them.
_POLYGONS: dict[str, tuple[list[tuple[float, float]], float]] = {
    "oval-v1": ([(-4.6, -2.0), (4.6, -2.0), (4.6, 2.0), (-4.6, 2.0)], 1.25),
    "square-v1": ([(-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)], 1.25),
    "kidney-v1": (
        [(-5.4, -2.4), (5.4, -2.4), (5.4, 3.4), (2.6, 3.4), (0.0, 0.4), (-2.6, 3.4), (-5.4, 3.4)],
        1.3,
    ),
    "s-bends-v1": (
        [(-6.4, -3.6), (6.4, -3.6), (6.4, 2.6), (3.6, 2.6), (2.0, -0.9), (-0.6, -0.9), (-2.2, 2.6), (-6.4, 2.6)],
        1.2,
    ),
    "hairpins-v1": (
        [(-4.8, -3.7), (4.8, -3.7), (4.8, -0.75), (-1.3, -0.75), (-1.3, 1.95), (4.8, 1.95), (4.8, 4.8), (-4.8, 4.8)],
        1.2,
    ),
    "figure-v1": (
        [
            *[(-5.8, -2.7), (-2.8, -2.7), (0.0, -1.2), (2.8, -2.7), (5.8, -2.7)],
            *[(5.8, 2.7), (2.8, 2.7), (0.0, 1.2), (-2.8, 2.7), (-5.8, 2.7)],
        ],
        1.2,
    ),
    "long-v1": (
        [
            *[(-7.0, -4.2), (6.4, -4.2), (6.4, -1.1), (2.2, -1.1), (2.2, 1.9), (6.4, 1.9)],
            *[(6.4, 5.0), (-1.2, 5.0), (-1.2, 1.4), (-4.1, 1.4), (-4.1, 5.0), (-7.0, 5.0)],
        ],
        1.2,
    ),
}

SUMMARIES = {
    "oval": "two straights and two bends, the easiest",
    "square": "four equal bends",
    "kidney": "one bend against the others",
    "s-bends": "left and right in quick turn",
    "hairpins": "two half turns back to back",
    "figure": "an eight that does not cross",
    "long": "a long lap with hairpins and a chicane",
    "random:7": "any seed: random:0, random:1 ... a new track each",
}


def track_names() -> list[str]:
    """Return the bare names of the built-in tracks, without `random:<seed>`."""
    return [name.rsplit("-v", 1)[0] for name in _POLYGONS]


def versioned(name: str) -> str:
    """Return the full name of a track: `oval` is `oval-v1`, `random:7` is `random-v1:7`.

    Raises:
        CopycarError: unknown name, with the nearest known one.
    """
    if name in _POLYGONS or re.fullmatch(r"random-v1:\d+", name):
        return name
    if f"{name}-v1" in _POLYGONS:
        return f"{name}-v1"
    if seed := re.fullmatch(r"random:(\d+)", name):
        return f"random-v1:{seed[1]}"
    raise CopycarError(f"unknown track {name!r}", fix=did_you_mean(name, [*track_names(), "random:7"]))


def centre_curve(name: str) -> Array:
    """Return the centre line of track `name` as a counter-clockwise curve (N, 2) in metres, start line first.

    Raises:
        CopycarError: unknown name.
    """
    full_name = versioned(name)
    if full_name.startswith("random"):
        return _started_on_straight(random_curve(int(full_name.partition(":")[2])))
    corners, sigma = _POLYGONS[full_name]
    return _started_on_straight(rounded(corners, sigma, N_POINTS))


def random_curve(seed: int) -> Array:
    """Return the drivable curve of a seed: the first of its random star polygons that has bends both ways and room."""
    rng = np.random.default_rng([1, seed])  # the 1 is the version: `random-v1`
    while True:
        corners, sigma = _star(rng), rng.uniform(0.9, 1.3)
        if _is_good(rounded(corners, sigma, N_POINTS // 4)):
            return rounded(corners, sigma, N_POINTS)


def _star(rng: np.random.Generator) -> Array:
    n_corners = int(rng.integers(8, 13))
    angle = (np.arange(n_corners) + rng.uniform(-0.3, 0.3, n_corners)) * (2 * math.pi / n_corners)
    radius = rng.uniform(2.0, 6.5, n_corners)
    return np.column_stack([1.25 * radius * np.cos(angle), radius * np.sin(angle)])


def _is_good(curve: Array) -> bool:
    """Whether the lap is 20-40 m, wide enough everywhere, and bends both ways (a circle turns 6.28 rad, this 8.2)."""
    return bool(
        20 <= perimeter(curve) <= 40
        and np.abs(curvatures(curve)).max() < 0.98 / MIN_RADIUS_M
        and np.abs(np.diff(headings(curve))).sum() > 8.2
        and clearance(curve, 3.0) > MIN_CLEARANCE_M + 0.05
    )


def _started_on_straight(curve: Array) -> Array:
    """Rotate the points so that the first one is in the middle of the straightest 2 m."""
    spacing = perimeter(curve) / len(curve)
    window = np.ones(int(2.0 / spacing))
    bend = np.abs(curvatures(curve))
    around = np.convolve(np.concatenate([bend, bend[: len(window) - 1]]), window, "valid")
    return np.roll(curve, -(int(np.argmin(np.round(around, 6))) + len(window) // 2), axis=0)
