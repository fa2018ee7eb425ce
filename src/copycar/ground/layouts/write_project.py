"""Writes MARMOT's project folder: calibrations, pictures, labels, config. Knows not where they are from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copycar.core.frame import Image
from copycar.ground.boxes import boxes_around
from copycar.ground.calibration import Calibration
from copycar.ground.layouts.calibration_json import UNITS, USUAL_UNIT, write_calibration
from copycar.ground.layouts.config_yaml import write_config
from copycar.ground.layouts.label_json import write_labels
from copycar.ground.layouts.project import ANNOTATION, CALIBRATIONS, CONFIG, TRAINING
from copycar.ground.pictures import write_picture
from copycar.ground.scene import SPLITS, Area, Thing, Truth

ANNOTATOR = "copycar"


@dataclass(frozen=True, slots=True)
class Kind:
    """What one thing is.

    Attributes:
        name: "car", "person": the label file's column `class`.
        size: of the boxes around it.
    """

    name: str
    size: Thing


class ProjectWriter:
    """Fills a project folder.

    Args:
        folder: exists and is empty.
        cameras: named cam1, cam2 …
        thing: what is looked for.
        rate_hz: moments per second.
        area: the rectangle of ground in use; None: around the cameras' regions.
    """

    def __init__(
        self,
        folder: Path,
        cameras: Sequence[Calibration],
        thing: Thing,
        rate_hz: float,
        area: Area | None = None,
    ) -> None:
        self._folder, self._cameras, self._thing = folder, cameras, thing
        (folder / CALIBRATIONS).mkdir(parents=True)
        for number, calibration in enumerate(cameras, 1):
            write_calibration(folder / CALIBRATIONS / f"{calibration.name}.json", calibration, number)
        for split in SPLITS:
            (folder / ANNOTATION / "labels" / split).mkdir(parents=True)
            for calibration in cameras:
                (folder / ANNOTATION / split / calibration.name).mkdir(parents=True)
        for part in ("weights", "logs", "visualization"):
            (folder / TRAINING / part).mkdir(parents=True)
        write_config(folder / CONFIG, rate_hz, thing, area)

    def add(
        self,
        split: str,
        number: int,
        pictures: Sequence[Image],
        truth: Truth,
        kinds: Sequence[Kind] | None = None,
    ) -> None:
        """Write one moment.

        Args:
            split: "train" or "val".
            number: of the frame, from 0.
            pictures: one per camera, uint8 (H, W, 3) RGB.
            truth: who is where.
            kinds: what each of them is; None: all are what the project is about, and no class is written.
        """
        annotation = self._folder / ANNOTATION
        for calibration, picture in zip(self._cameras, pictures, strict=True):
            write_picture(annotation / split / calibration.name / f"{calibration.name}_{number}.png", picture)
        path = annotation / "labels" / split / f"{ANNOTATOR}_{number}.json"
        if kinds is None:
            write_labels(path, truth, boxes_around(truth.points_m, self._thing, self._cameras), UNITS[USUAL_UNIT])
            return
        each = zip(truth.points_m, kinds, strict=True)
        boxes = np.concatenate([boxes_around(point[None], kind.size, self._cameras) for point, kind in each])
        write_labels(path, truth, boxes, UNITS[USUAL_UNIT], [kind.name for kind in kinds])
