"""What wrong calibrations and missing cameras do to a detector: the table in docs/ground.md.

Usage: copycar ground demo --out ground-demo
       python benchmarks/ground_robustness.py ground-demo/unseen ground-demo/project/2-training/weights/model
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from copycar.core.frame import Image
from copycar.ground.calibration import Calibration
from copycar.ground.detector import Detector
from copycar.ground.frames import FrameReader
from copycar.ground.metrics import score_detections
from copycar.ground.open_scene import open_scene
from copycar.ground.scene import Moment, Scene
from copycar.ground.train import detector_of

ERRORS = ((0.0, 0.0), (0.25, 0.01), (0.5, 0.02), (1.0, 0.03), (2.0, 0.05))
"""Degrees and metres by which every camera is off, each in a random direction."""

EVERY = 12


def main() -> None:
    """Print a line per disturbance."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("detector", type=Path)
    arguments = parser.parse_args()
    scene = open_scene(arguments.project)
    detector = Detector.load(detector_of(scene, arguments.detector))
    moments = scene.labelled("val")[::EVERY]
    pictures = FrameReader(scene.cameras, detector.rig(scene).size).read_all(moments)
    for degrees, metres in ERRORS:
        rng = np.random.default_rng(0)
        cameras = tuple(bumped(camera, degrees, metres, rng) for camera in scene.cameras)
        told = score(replace(scene, cameras=cameras), detector, moments, pictures)
        print(f"every camera off by {degrees} degrees and {100 * metres:.0f} cm: {told}")
    for kept in (range(0, len(scene.cameras), 2), (0, len(scene.cameras) // 2), (0,)):
        fewer = replace(scene, cameras=tuple(scene.cameras[view] for view in kept))
        print(f"{len(kept)} cameras: {score(fewer, detector, moments, pictures[:, list(kept)])}")


def score(scene: Scene, detector: Detector, moments: Sequence[Moment], pictures: Image) -> str:
    """Return MODA and mean error in words."""
    rig = detector.rig(scene)
    pairs = [
        (moment.truth.points_m, detector.find(rig, seen).detections.points_m)
        for moment, seen in zip(moments, pictures, strict=True)
        if moment.truth is not None
    ]
    found = score_detections(pairs, detector.settings.match_m)
    return f"MODA {100 * (found.moda or 0):.1f} %, mean error {100 * (found.mean_error_m or math.nan):.1f} cm"


def bumped(calibration: Calibration, degrees: float, metres: float, rng: np.random.Generator) -> Calibration:
    """Return a calibration that is off by so much, in random directions."""
    axis, shift = (direction / np.linalg.norm(direction) for direction in rng.normal(size=(2, 3)))
    turn = np.asarray(cv2.Rodrigues(math.radians(degrees) * axis)[0], dtype=np.float64)
    camera = calibration.camera
    moved = replace(camera, rotation=turn @ camera.rotation, position_m=camera.position_m + metres * shift)
    return replace(calibration, camera=moved)


if __name__ == "__main__":
    main()
