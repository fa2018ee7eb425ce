"""Closed smooth curves in the plane, as equally spaced points. Knows nothing of roads, cars or names.

A curve is an array (N, 2) of metres; the last point joins the first, so it is not repeated.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def resample_closed(points: ArrayLike, n_points: int) -> Array:
    """Return `n_points` points at equal arc length along the closed polyline through `points` (M, 2)."""
    corners = np.asarray(points, dtype=np.float64)
    loop = np.vstack([corners, corners[:1]])
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(loop, axis=0).T))])
    wanted = np.arange(n_points) * (arc[-1] / n_points)
    return np.column_stack([np.interp(wanted, arc, loop[:, axis]) for axis in (0, 1)])


def smooth_closed(points: Array, sigma: float) -> Array:
    """Return the equally spaced curve (N, 2) after a circular Gaussian of `sigma` metres along its arc.

    A polygon's corner becomes a bend whose curvature rises and falls gently, as a real road's does: a right angle
    gets a smallest radius of about 0.9 sigma.
    """
    spacing = perimeter(points) / len(points)
    frequency = np.fft.rfftfreq(len(points)) * 2 * math.pi
    kernel = np.exp(-0.5 * (frequency * sigma / spacing) ** 2)
    smooth: Array = np.fft.irfft(np.fft.rfft(points, axis=0) * kernel[:, None], n=len(points), axis=0)
    return smooth


def rounded(corners: ArrayLike, sigma: float, n_points: int = 2048) -> Array:
    """Return the smooth closed curve (n_points, 2) that rounds the polygon `corners` (M, 2)."""
    return resample_closed(smooth_closed(resample_closed(corners, n_points), sigma), n_points)


def perimeter(points: Array) -> float:
    """Return the length of the closed polyline in metres."""
    return float(np.hypot(*(np.roll(points, -1, axis=0) - points).T).sum())


def headings(points: Array) -> Array:
    """Return the tangent headings (N,) in radians, continuous (not wrapped), by central differences."""
    ahead, behind = np.roll(points, -1, axis=0), np.roll(points, 1, axis=0)
    step = ahead - behind
    return np.unwrap(np.arctan2(step[:, 1], step[:, 0]))


def curvatures(points: Array) -> Array:
    """Return the signed curvatures (N,) in 1/m; positive bends to the left."""
    heading = headings(points)
    turn = _wrapped(np.roll(heading, -1) - np.roll(heading, 1))
    return turn / (2 * perimeter(points) / len(points))


def clearance(points: Array, beyond: float) -> float:
    """Return the smallest distance in metres between two points of the curve more than `beyond` metres apart along it.

    This is the widest road that the curve can carry without touching itself.
    """
    spacing = perimeter(points) / len(points)
    coarse = points[:: max(1, int(0.1 / spacing))]
    apart = np.abs(np.arange(len(coarse))[:, None] - np.arange(len(coarse))[None, :])
    along = np.minimum(apart, len(coarse) - apart) * (perimeter(points) / len(coarse))
    distance = np.hypot(*(coarse[:, None, :] - coarse[None, :, :]).transpose(2, 0, 1))
    return float(distance[along > beyond].min(initial=math.inf))


def _wrapped(angle: Array) -> Array:
    return (angle + math.pi) % (2 * math.pi) - math.pi
