"""Finds and follows things through moments, labelled or not, live or recorded. Knows detectors; draws nothing."""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.ground.data import Rig
from copycar.ground.detector import Detector
from copycar.ground.frames import FrameReader
from copycar.ground.metrics import share
from copycar.ground.scene import Moment, Scene
from copycar.ground.stream import Sight
from copycar.ground.track_metrics import Followed, TrackScore, score_tracks
from copycar.ground.tracking import Path, Tracker

REACH_S = 0.35
"""Metres per (metre per second) that a thing may jump from its prediction: a small car swerves, it does not fly."""


@dataclass(frozen=True, slots=True)
class Following:
    """What was followed.

    Attributes:
        paths: of everything.
        moments: that were looked at, in order; paths count in them.
        score: against the labels; None where there are none.
    """

    paths: list[Path]
    moments: Sequence[Moment]
    score: TrackScore | None


@dataclass(slots=True)
class Watching:
    """What is being followed, while it is.

    Attributes:
        tracker: that knows the tracks and the times of the moments so far.
        latency_s: from the oldest picture of a moment to its result; of live ones.
        busy_s: what finding took.
    """

    tracker: Tracker
    latency_s: list[float] = field(default_factory=list)
    busy_s: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, detector: Detector) -> "Watching":
        """Return that nothing was seen yet."""
        return cls(Tracker(reach_m(detector)))

    @property
    def rate_hz(self) -> float | None:
        """Moments per second, measured from the first to the last one; None of less than two."""
        times = self.tracker.times_s
        return share(len(times) - 1, times[-1] - times[0]) if len(times) > 1 else None

    def as_json(self) -> dict[str, Any]:
        """Return the measured times for scripts."""
        return {
            "rate_hz": self.rate_hz,
            "latency_ms": _percentiles_ms(self.latency_s),
            "finding_ms": _percentiles_ms(self.busy_s),
        }


def follow(scene: Scene, detector: Detector, split: str, on_progress: OnProgress | None = None) -> Following:
    """Find and follow everything in the moments of a split.

    Args:
        scene: the pictures.
        detector: with its threshold.
        split: "train" or "val".
        on_progress: is told (moments done, moments in all).

    Raises:
        CopycarError: no moment has all its pictures, or one is damaged.
    """
    moments = [moment for moment in scene.moments[split] if moment.is_complete]
    if not moments:
        raise CopycarError(f"{scene.folder} has no complete {split} frames", fix="copycar ground check PROJECT")
    rig = detector.rig(scene)
    reader = FrameReader(scene.cameras, rig.size)
    sights = (
        Sight(number, number / scene.rate_hz, float("nan"), reader.read(moment))
        for number, moment in enumerate(moments)
    )
    watching = Watching.of(detector)
    for number, _ in enumerate(watch(watching, rig, detector, sights), 1):
        if on_progress:
            on_progress(number, len(moments))
    paths = watching.tracker.paths()
    return Following(paths, moments, judge(paths, moments, detector.settings.match_m))


def watch(watching: Watching, rig: Rig, detector: Detector, sights: Iterable[Sight]) -> Iterator[float]:
    """Find and follow everything in `watching`, and yield the time of every moment that is done."""
    for sight in sights:
        begun_s = time.monotonic()
        found = detector.find(rig, sight.pictures).detections
        watching.tracker.add(found.points_m, sight.time_s)
        now_s = time.monotonic()
        watching.busy_s.append(now_s - begun_s)
        if not math.isnan(sight.taken_s):
            watching.latency_s.append(now_s - sight.taken_s)
        yield sight.time_s


def _percentiles_ms(seconds: Sequence[float]) -> dict[str, float] | None:
    if not seconds:
        return None
    middle, most = np.percentile(seconds, [50, 95]).tolist()
    return {"p50": 1000 * middle, "p95": 1000 * most}


def reach_m(detector: Detector) -> float:
    """Return how far a detection may be from where a thing was expected."""
    return max(3 * detector.settings.match_m, REACH_S)


def judge(paths: Sequence[Path], moments: Sequence[Moment], distance_m: float) -> TrackScore | None:
    """Return the figures of paths against the labels; None where not every moment has them."""
    truths = [moment.truth for moment in moments if moment.truth is not None]
    if len(truths) < len(moments):
        return None
    return score_tracks(truths, places_of(paths, len(moments)), distance_m)


def places_of(paths: Sequence[Path], n_moments: int) -> list[Followed]:
    """Return where everything is at every moment."""
    followed = []
    for moment in range(n_moments):
        here = [path for path in paths if path.moments[0] <= moment <= path.moments[-1]]
        points = [path.points_m[moment - path.moments[0]] for path in here]
        followed.append(
            Followed(np.array(points).reshape(-1, 2), np.array([path.number for path in here], dtype=np.int64))
        )
    return followed
