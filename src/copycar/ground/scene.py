"""What every ground verb works on: cameras, moments seen by all of them, and truths. Knows no file formats."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.ground.calibration import Calibration

Area = tuple[float, float, float, float]
"""(x0, y0, x1, y1) metres."""

SPLITS = ("train", "val")

_AREA_MARGIN_M = 0.5


@dataclass(frozen=True, slots=True)
class Thing:
    """What is looked for.

    Attributes:
        width_m, height_m: of the box that is drawn around one.
        match_m: a detection this near to a truth has found it.
    """

    width_m: float
    height_m: float
    match_m: float


PERSON = Thing(0.4, 1.8, 0.5)
"""0.5 m is the distance of WILDTRACK's and MultiviewX's published figures."""

SMALL_CAR = Thing(0.3, 0.14, 0.15)
"""Half the length of a 1:10 car."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Where everything is at one moment.

    Attributes:
        points_m: (N, 2) centres of footprints on the ground.
        ids: (N,) who is who over time.
    """

    points_m: Array
    ids: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Moment:
    """One picture of every camera at the same time.

    Attributes:
        number: of the frame.
        pictures: a file per camera, in the order of the scene's cameras; None where it is missing.
        truth: None where nobody labelled it.
    """

    number: int
    pictures: tuple[Path | None, ...]
    truth: Truth | None

    @property
    def is_complete(self) -> bool:
        """Whether every camera has a picture."""
        return None not in self.pictures


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder of calibrated pictures.

    Attributes:
        folder: where results go.
        cameras: in natural order: cam2 before cam10.
        moments: of `"train"` and `"val"`, by number.
        thing: what is looked for.
        rate_hz: moments per second.
        known_area: the rectangle of ground in use, where the folder says it.
        left_out: what lies there and is not read, with the reason: "cam7 has pictures and no calibration".
    """

    folder: Path
    cameras: tuple[Calibration, ...]
    moments: Mapping[str, Sequence[Moment]]
    thing: Thing = PERSON
    rate_hz: float = 10.0
    known_area: Area | None = None
    left_out: tuple[str, ...] = ()

    @property
    def area(self) -> Area:
        """The rectangle of ground in use: as known, else around the cameras' regions, else around the truths.

        Raises:
            CopycarError: nothing says where it is.
        """
        if self.known_area is not None:
            return self.known_area
        regions = [
            calibration.camera.ground_points(calibration.region_px)
            for calibration in self.cameras
            if calibration.region_px is not None and len(calibration.region_px) > 2
        ]
        if regions:
            return around(np.concatenate(regions))
        truths = [moment.truth.points_m for split in self.moments.values() for moment in split if moment.truth]
        if sum(len(points) for points in truths):
            return around(np.concatenate(truths), _AREA_MARGIN_M)
        raise CopycarError(
            f"nothing says which ground {self.folder} is about",
            "no camera has a region of interest (ROI) and no moment has labels",
            "give the calibrations a ROI: the polygon of usable floor in pixels",
        )

    def labelled(self, split: str) -> list[Moment]:
        """Return the moments that can be learned or judged from: all pictures and a truth.

        Raises:
            CopycarError: there is none.
        """
        usable = [moment for moment in self.moments[split] if moment.is_complete and moment.truth is not None]
        if not usable:
            raise CopycarError(
                f"{self.folder} has no usable {split} frames",
                f"{len(self.moments[split])} frames, none with a picture of each of {len(self.cameras)} cameras "
                "and a label",
                f"see what is missing: copycar ground check {self.folder}",
            )
        return usable


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """Return a key that sorts names as people do.

    >>> sorted(["cam10", "cam2", "cam1"], key=natural)
    ['cam1', 'cam2', 'cam10']
    """
    parts = re.split(r"(\d+)", name)
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in parts)


def around(points_m: Array, margin_m: float = 0.0) -> Area:
    """Return the rectangle around points (N, 2), of which those that are not finite do not count."""
    finite = points_m[np.isfinite(points_m).all(axis=1)]
    (x0, y0), (x1, y1) = (finite.min(axis=0) - margin_m).tolist(), (finite.max(axis=0) + margin_m).tolist()
    return x0, y0, x1, y1


def within(points_m: ArrayLike, area: Area) -> NDArray[np.bool_]:
    """Return which points (N, 2) lie in an area, bool (N,)."""
    points = np.asarray(points_m)
    inside = np.logical_and(points >= area[:2], points <= area[2:])
    return np.logical_and(inside[:, 0], inside[:, 1])
