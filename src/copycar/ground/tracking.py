"""From detections per moment to tracks with ids: a constant-velocity Kalman filter and the Hungarian method.

State of a track: x, y, vx, vy in metres and seconds. A detection belongs to the track whose prediction it is nearest to
by Mahalanobis distance, at most `GATE`. A track is told about after `CONFIRMED` detections and ends after `PATIENCE_S`
without one. Bewley et al., "Simple online and realtime tracking", 2016, on the ground instead of in the picture.

Knows points and times; knows nothing of cameras or files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from copycar.core.camera import Array

State = tuple[Array, Array]
"""Mean (4,) and covariance (4, 4)."""

GATE = 9.21
"""Squared Mahalanobis distance that 99 % of true pairs are below: chi-squared of two dimensions."""

CONFIRMED = 3
PATIENCE_S = 1.0

ACCELERATION_MPS2 = 3.0
"""How hard things change their speed: small cars brake with 6 (the built-in car), people with 1."""

DETECTION_M = 0.04
"""Standard deviation of a detection, at first; the mean error of the demo's detector is 2 to 3 cm."""

START_MPS = 2.0
"""Standard deviation of an unknown speed."""


@dataclass(slots=True)
class Track:
    """One thing over time.

    Attributes:
        number: its id, from 1.
        moments: places of the moments at which it was detected, ascending.
        detected_m: (x, y) of the detection at each of those.
        mean, covariance: (4,) and (4, 4) of the state now.
    """

    number: int
    moments: list[int]
    detected_m: list[Array]
    mean: Array
    covariance: Array


@dataclass(frozen=True, slots=True)
class Path:
    """Where one thing was, at every moment from its first to its last, gaps filled and smoothed.

    Attributes:
        number: its id.
        moments: (T,) places of moments, without gaps.
        times_s: (T,) of each.
        points_m: (T, 2).
        speed_mps: (T,).
        is_seen: (T,) whether it was detected then.
    """

    number: int
    moments: NDArray[np.int64]
    times_s: Array
    points_m: Array
    speed_mps: Array
    is_seen: NDArray[np.bool_]


class Tracker:
    """Follows things from moment to moment, whose times need not be even.

    Args:
        reach_m: a detection farther than this from every prediction is never the same thing, however unsure that is.

    Attributes:
        times_s: of the moments so far.
    """

    def __init__(self, reach_m: float) -> None:
        self._reach_m = reach_m
        self.times_s: list[float] = []
        self._alive: list[Track] = []
        self._all: list[Track] = []

    def add(self, points_m: Array, time_s: float) -> None:
        """Take the detections (N, 2) of the next moment, later than the one before."""
        step_s = time_s - self.times_s[-1] if self.times_s else 0.0
        self.times_s.append(time_s)
        for track in self._alive:
            _predict(track, step_s)
        pairs = self._pairs(points_m)
        for row, column in pairs:
            self._update(self._alive[row], points_m[column])
        taken = {column for _, column in pairs}
        for column in range(len(points_m)):
            if column not in taken:
                self._start(points_m[column])
        self._alive = [track for track in self._alive if self._is_recent(track) and _is_worth(track)]

    @property
    def tracks(self) -> list[Track]:
        """Every confirmed track so far, by id."""
        return [track for track in self._all if len(track.moments) >= CONFIRMED]

    def paths(self) -> list[Path]:
        """Return the path of every confirmed track so far, numbered anew from 1."""
        numbered = [replace(track, number=number) for number, track in enumerate(self.tracks, 1)]
        return [smoothed(track, self.times_s) for track in numbered]

    @property
    def now(self) -> list[Track]:
        """The confirmed tracks that are still followed."""
        return [track for track in self._alive if len(track.moments) >= CONFIRMED]

    def _is_recent(self, track: Track) -> bool:
        return self.times_s[-1] - self.times_s[track.moments[-1]] <= PATIENCE_S + 1e-6

    def _pairs(self, points_m: Array) -> list[tuple[int, int]]:
        if not self._alive or not len(points_m):
            return []
        cost = np.stack([_distance(track, points_m) for track in self._alive])  # (tracks, detections)
        apart = np.stack([np.hypot(*(points_m - track.mean[:2]).T) for track in self._alive])
        cost[apart > self._reach_m] = np.inf
        rows, columns = linear_sum_assignment(np.minimum(cost, 1e3 * GATE))
        return [
            (row, column)
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
            if cost[row, column] <= GATE
        ]

    def _start(self, point_m: Array) -> None:
        track = Track(len(self._all) + 1, [len(self.times_s) - 1], [point_m], *_first_state(point_m))
        self._alive.append(track)
        self._all.append(track)

    def _update(self, track: Track, point_m: Array) -> None:
        track.mean, track.covariance = _updated(track.mean, track.covariance, point_m)
        track.moments.append(len(self.times_s) - 1)
        track.detected_m.append(point_m)


def smoothed(track: Track, times_s: Sequence[float]) -> Path:
    """Return a track's path by the Rauch-Tung-Striebel smoother: every place knows what came later, too."""
    detected = dict(zip(track.moments, track.detected_m, strict=True))
    moments = np.arange(track.moments[0], track.moments[-1] + 1)
    times = np.array(times_s)[moments]
    means = _smooth([detected.get(moment) for moment in moments.tolist()], np.diff(times).tolist())
    seen = np.isin(moments, track.moments)
    return Path(track.number, moments, times, means[:, :2], np.hypot(*means[:, 2:].T), seen)


def _smooth(detected: Sequence[Array | None], steps_s: Sequence[float]) -> Array:
    """Return the means (T, 4) of a sequence whose first moment is detected: filter forwards, then look back."""
    assert detected[0] is not None
    states, predictions = [_first_state(detected[0])], [_first_state(detected[0])]
    motions = [_motion(step_s) for step_s in steps_s]
    for point, (transition, disturbance) in zip(detected[1:], motions, strict=True):
        mean, spread = states[-1]
        predictions.append((transition @ mean, transition @ spread @ transition.T + disturbance))
        states.append(predictions[-1] if point is None else _updated(*predictions[-1], point))
    later, means = states[-1][0], [states[-1][0]]
    steps = zip(states[-2::-1], predictions[:0:-1], motions[::-1], strict=True)
    for (mean, spread), (ahead, ahead_spread), (transition, _) in steps:
        later = mean + spread @ transition.T @ np.linalg.inv(ahead_spread) @ (later - ahead)
        means.append(later)
    return np.stack(means[::-1])


def _first_state(point_m: Array) -> State:
    return np.array([*point_m, 0.0, 0.0]), np.diag([DETECTION_M**2, DETECTION_M**2, START_MPS**2, START_MPS**2])


def _updated(mean: Array, covariance: Array, point_m: Array) -> State:
    """Return the state after a detection."""
    gain = covariance[:, :2] @ np.linalg.inv(covariance[:2, :2] + DETECTION_M**2 * np.eye(2))
    return mean + gain @ (point_m - mean[:2]), covariance - gain @ covariance[:2]


def _predict(track: Track, step_s: float) -> None:
    transition, disturbance = _motion(step_s)
    track.mean = transition @ track.mean
    track.covariance = transition @ track.covariance @ transition.T + disturbance


def _motion(step_s: float) -> tuple[Array, Array]:
    """Return the (4, 4) transition and the covariance of what a constant unknown acceleration adds."""
    transition = np.eye(4)
    transition[0, 2] = transition[1, 3] = step_s
    push = np.array([[step_s**2 / 2, 0], [0, step_s**2 / 2], [step_s, 0], [0, step_s]]) * ACCELERATION_MPS2
    return transition, push @ push.T


def _distance(track: Track, points_m: Array) -> Array:
    """Return the squared Mahalanobis distances (N,) of detections from a track's prediction."""
    spread = track.covariance[:2, :2] + DETECTION_M**2 * np.eye(2)
    apart = points_m - track.mean[:2]
    distance: Array = np.einsum("ni,ij,nj->n", apart, np.linalg.inv(spread), apart)
    return distance


def _is_worth(track: Track) -> bool:
    """Drop a track that was not confirmed at once: a false alarm seldom comes twice."""
    return len(track.moments) >= CONFIRMED or track.moments[-1] - track.moments[0] + 1 <= 2 * CONFIRMED
