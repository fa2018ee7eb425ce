"""Judges a detector on a scene's moments and keeps what it found. Knows detectors and files; knows no training."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.camera import Array
from copycar.core.progress import OnProgress
from copycar.ground.calibration import Calibration, Mask
from copycar.ground.detector import Detector
from copycar.ground.evaluation_file import evaluation_writer
from copycar.ground.frames import FrameReader
from copycar.ground.layouts.project import TRAINING
from copycar.ground.metrics import DetectionScore, match, score_detections
from copycar.ground.scene import Moment, Scene


@dataclass(frozen=True, slots=True)
class Validation:
    """What a validation gave.

    Attributes:
        score: of the detections.
        cameras: by name, how many truths each one sees, and how many of them were found.
        file: with all detections and heat maps.
        threshold: least confidence that was asked.
    """

    score: DetectionScore
    cameras: dict[str, dict[str, int]]
    file: Path
    threshold: float

    def as_json(self) -> dict[str, Any]:
        """Return the result as `copycar ground validate --json` prints it."""
        return {
            **self.score.as_json(),
            "cameras": self.cameras,
            "threshold": self.threshold,
            "file": str(self.file),
        }


def validate(
    scene: Scene,
    detector: Detector,
    path: Path,
    *,
    split: str = "val",
    distance_m: float | None = None,
    on_progress: OnProgress | None = None,
) -> Validation:
    """Find things in every labelled moment of a split, judge it, and write `path`.

    Args:
        scene: the pictures, of the training's cameras or of others.
        detector: with its threshold.
        path: the `.hdf5` file.
        split: "train" or "val".
        distance_m: of a match; None: the detector's.
        on_progress: is told (moments done, moments in all).

    Raises:
        CopycarError: no labelled moments, or a picture is damaged.
    """
    moments = scene.labelled(split)
    distance_m = distance_m or detector.settings.match_m
    pairs = []
    rig = detector.rig(scene)
    reader = FrameReader(scene.cameras, rig.size)
    with evaluation_writer(path, rig.grid, len(moments)) as writer:
        for number, moment in enumerate(moments, 1):
            finding = detector.find(rig, reader.read(moment))
            writer.add(moment.number, finding)
            pairs.append((_truth(moment), finding.detections.points_m))
            if on_progress:
                on_progress(number, len(moments))
        score = score_detections(pairs, distance_m)
        figures = {name: value for name, value in score.as_json().items() if value is not None}
        writer.finish({**figures, "threshold": detector.settings.threshold, "split": split, "rate_hz": scene.rate_hz})
    return Validation(score, seen_and_found(scene.cameras, pairs, distance_m), path, detector.settings.threshold)


def seen_and_found(
    cameras: Sequence[Calibration], pairs: Sequence[tuple[Array, Array]], distance_m: float
) -> dict[str, dict[str, int]]:
    """Return by camera how many truths it sees, `n_truths`, and how many of them were found, `n_matched`.

    Args:
        cameras: that looked.
        pairs: per moment truths (N, 2) and detections (M, 2).
        distance_m: of a match.
    """
    truths = np.concatenate([truth for truth, _ in pairs]).reshape(-1, 2)
    is_found = np.concatenate([_is_found(truth, found, distance_m) for truth, found in pairs])
    seen = {calibration.name: calibration.sees(truths) for calibration in cameras}
    return {name: {"n_truths": int(of.sum()), "n_matched": int((of & is_found).sum())} for name, of in seen.items()}


def _is_found(truths_m: Array, found_m: Array, distance_m: float) -> Mask:
    found = np.zeros(len(truths_m), dtype=bool)
    found[match(truths_m, found_m, distance_m).truths] = True
    return found


def evaluation_path(scene: Scene) -> Path:
    """Return where a validation of this scene lies: `2-training/model_evaluation.hdf5`."""
    return scene.folder / TRAINING / "model_evaluation.hdf5"


def _truth(moment: Moment) -> Any:
    assert moment.truth is not None  # `labelled` gives no others
    return moment.truth.points_m
