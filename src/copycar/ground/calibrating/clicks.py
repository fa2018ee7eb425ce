"""Known floor points that somebody clicks in the raw pictures of all cameras, kept in a CSV file after every click.

Knows the file and the cameras; knows nothing of browsers.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.core.frame import Image
from copycar.ground.calibrating.calibrate import calibrate_poses, read_lenses, read_still, write_poses
from copycar.ground.calibrating.floor_points import COLUMNS, Seen, read_points
from copycar.ground.calibrating.pose import LEAST_POINTS, judge_pose
from copycar.ground.calibration import Calibration
from copycar.tubs.doctor.verdict import Verdict, many

CLICKED = Path("0-calibration/points.csv")
"""In a project."""

FloorPoint = tuple[float, float, float]
"""(x, y, z) metres."""

Pixel = tuple[float, float]


class ClickedPoints:
    """Points of a project's cameras.

    Args:
        project: whose lenses are calibrated.
        pictures: a folder with one raw picture per camera, cam1.png and so on.
        path: the CSV file; None: `0-calibration/points.csv` of the project. It is gone on with.

    Attributes:
        cameras: by name, lenses and, where known, poses.
        pictures: by name, uint8 (H, W, 3) RGB.

    Raises:
        CopycarError: no lenses, or a picture is missing or of another size.
    """

    def __init__(self, project: Path, pictures: Path, path: Path | None = None) -> None:
        self._project, self._path = project, path or project / CLICKED
        self.cameras: Mapping[str, Calibration] = read_lenses(project)
        self.pictures: Mapping[str, Image] = {
            name: read_still(pictures, name, camera) for name, camera in self.cameras.items()
        }
        self._undoable: list[tuple[str, FloorPoint, Pixel | None]] = []
        self.pixels()

    def pixels(self) -> dict[str, dict[FloorPoint, Pixel]]:
        """Return by camera where it shows which point, as the file says now.

        Raises:
            CopycarError: the file is damaged, or names an unknown camera.
        """
        seen = read_points(self._path) if self._path.is_file() else {}
        if unknown := sorted(set(seen) - set(self.cameras)):
            raise CopycarError(
                f"{self._path} names {', '.join(unknown)}", "there is no such camera", "correct the name"
            )
        return {name: _pixels(seen[name]) if name in seen else {} for name in self.cameras}

    def points(self) -> list[FloorPoint]:
        """Return all points that any camera shows, by x, then y."""
        return sorted({point for of_camera in self.pixels().values() for point in of_camera})

    def put(self, camera: str, point: FloorPoint, pixel: Pixel | None) -> None:
        """Say where a camera shows a point, or with None that it does not, and keep it."""
        known = self.pixels()
        self._undoable.append((camera, point, known[camera].get(point)))
        self._write(known, camera, point, pixel)

    def undo(self) -> bool:
        """Take the last click back; return whether there was one."""
        if not self._undoable:
            return False
        self._write(self.pixels(), *self._undoable.pop())
        return True

    def judge(self) -> list[Verdict]:
        """Return for every camera how well its points agree, or how many are missing. Writes nothing."""
        verdicts = []
        for name, of_camera in self.pixels().items():
            if len(of_camera) < LEAST_POINTS:
                words = f"{many(len(of_camera), 'point')}, {LEAST_POINTS - len(of_camera)} more are needed"
                verdicts.append(Verdict(name, "look", words))
                continue
            seen = {name: _seen(of_camera)}
            try:
                posed = calibrate_poses(self.cameras, seen, together=False)
                verdicts.append(judge_pose(posed[name], seen[name]))
            except CopycarError as error:
                verdicts.append(Verdict(name, "broken", f"{error.what}: {error.why}", fix=error.fix))
        return verdicts

    def calibrate(self) -> list[Path]:
        """Write the poses of all cameras that show enough points, refined together; return their files.

        Raises:
            CopycarError: no camera shows enough points.
        """
        known = {name: of for name, of in self.pixels().items() if len(of) >= LEAST_POINTS}
        if not known:
            raise CopycarError(f"no camera shows {LEAST_POINTS} points", fix="click more of them")
        seen = {name: _seen(of_camera) for name, of_camera in known.items()}
        return write_poses(self._project, calibrate_poses(self.cameras, seen, together=True))

    def _write(
        self, known: dict[str, dict[FloorPoint, Pixel]], camera: str, point: FloorPoint, pixel: Pixel | None
    ) -> None:
        known[camera].pop(point, None)
        if pixel is not None:
            known[camera][point] = pixel
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow((*COLUMNS, "z_m"))
        for name, of_camera in known.items():
            for (x, y, z), (u, v) in of_camera.items():
                writer.writerow((name, f"{u:.2f}", f"{v:.2f}", x, y, z))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(self._path, text.getvalue())


def _pixels(seen: Seen) -> dict[FloorPoint, Pixel]:
    points = [(x, y, z) for x, y, z in seen.points_m.tolist()]
    return dict(zip(points, [(u, v) for u, v in seen.pixels.tolist()], strict=True))


def _seen(of_camera: Mapping[FloorPoint, Pixel]) -> Seen:
    names = tuple(f"({x:g}, {y:g}, {z:g})" for x, y, z in of_camera)
    return Seen(np.array(list(of_camera)), np.array(list(of_camera.values())), names)
