"""Finds and follows things through a scene's moments, labelled or not. Knows detectors and tracking; draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.ground.data import OnProgress
from copycar.ground.detector import Detector
from copycar.ground.frames import FrameReader
from copycar.ground.scene import Moment, Scene
from copycar.ground.track_metrics import Followed, TrackScore, score_tracks
from copycar.ground.tracking import Path, track_all

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
    found: list[Array] = []
    for number, moment in enumerate(moments, 1):
        found.append(detector.find(rig, reader.read(moment)).detections.points_m)
        if on_progress:
            on_progress(number, len(moments))
    paths = track_all(found, [number / scene.rate_hz for number in range(len(found))], reach_m(detector))
    return Following(paths, moments, judge(paths, moments, detector.settings.match_m))


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
