"""Calibrates a project's cameras step by step: lenses from boards, poses from known points, all poses together.

Knows the steps and the project's files; knows nothing of the command line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.core.frame import Image
from copycar.ground.calibrating.boards import BoardKind, Corners, find_corners
from copycar.ground.calibrating.floor_points import Mat, Seen, find_tags
from copycar.ground.calibrating.intrinsics import Lens, calibrate_lens, coverage_picture
from copycar.ground.calibrating.pose import pose_alone, pose_together
from copycar.ground.calibration import Calibration, camera_from
from copycar.ground.footage import pictures_in
from copycar.ground.layouts.calibration_json import UNITS, USUAL_UNIT, unit_of
from copycar.ground.layouts.json_file import array_of, read_json
from copycar.ground.layouts.project import CALIBRATIONS, camera_files, data_folder
from copycar.ground.pictures import read_picture, write_picture
from copycar.ground.scene import natural

PICTURE_NAMES = ("{}.png", "{}.jpg", "{}.jpeg")
OnCamera = Callable[[str, int], None]
"""Told (camera, pictures looked at)."""


@dataclass(frozen=True, slots=True)
class LensOf:
    """A lens with what it was made from.

    Attributes:
        lens: the result.
        views: the corners it explains.
    """

    lens: Lens
    views: list[Corners]


def calibrate_lenses(
    folder: Path, board: BoardKind, every: int = 1, on_camera: OnCamera | None = None
) -> dict[str, LensOf]:
    """Return a lens per camera from `folder/cam1`, `folder/cam2` …, each with pictures or films of the board.

    Raises:
        CopycarError: no such folders, or a camera's pictures do not show the board well.
    """
    found = {path.name: path for path in folder.glob("cam*") if path.is_dir()}
    if not found:
        raise CopycarError(
            f"{folder} holds no cameras", fix="one folder per camera: cam1, cam2 …, with pictures or films"
        )
    return {name: _lens(name, found[name], board, every, on_camera) for name in sorted(found, key=natural)}


def write_lenses(project: Path, lenses: Mapping[str, LensOf]) -> list[Path]:
    """Write K, dist and size into the project's camera files, which keep what else they hold."""
    return [
        _update(
            project,
            name,
            K=of_camera.lens.matrix.tolist(),
            dist=of_camera.lens.distortion.tolist(),
            size=list(of_camera.lens.size),
        )
        for name, of_camera in lenses.items()
    ]


def write_coverage(folder: Path, lenses: Mapping[str, LensOf]) -> list[Path]:
    """Draw where each camera's pictures showed the board: `coverage_cam1.png` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, of_camera in lenses.items():
        paths.append(folder / f"coverage_{name}.png")
        write_picture(paths[-1], coverage_picture(of_camera.views, of_camera.lens.size))
    return paths


def read_lenses(project: Path) -> dict[str, Calibration]:
    """Return the cameras of a project whose poses need not be known yet: those without one stand at the origin.

    Raises:
        CopycarError: no camera files, or one without K or size.
    """
    folder = data_folder(project) / CALIBRATIONS
    files = camera_files(folder)
    if not files:
        raise CopycarError(
            f"{folder} holds no camera",
            fix="calibrate the lenses first: copycar ground calibrate PROJECT --boards FOLDER",
        )
    return {name: _with_any_pose(name, path) for name, path in files.items()}


def seen_tags(folder: Path, mat: Mat, cameras: Mapping[str, Calibration]) -> dict[str, Seen]:
    """Return the mat's tags in one raw picture per camera, `folder/cam1.png` and so on.

    Raises:
        CopycarError: a camera has no picture, or one of another size.
    """
    return {name: find_tags(read_still(folder, name, camera), mat) for name, camera in cameras.items()}


def calibrate_poses(
    cameras: Mapping[str, Calibration], seen: Mapping[str, Seen], *, together: bool
) -> dict[str, Calibration]:
    """Return the cameras at the poses that explain the known points.

    Args:
        cameras: their lenses.
        seen: known points per camera.
        together: refine all poses and places at once afterwards.

    Raises:
        CopycarError: a named camera is unknown, or too few points are known.
    """
    require_known(cameras, seen)
    posed = {name: pose_alone(camera, seen[name]) for name, camera in cameras.items() if name in seen}
    return pose_together(posed, seen) if together else posed


def require_known(cameras: Mapping[str, Calibration], seen: Mapping[str, Seen]) -> None:
    """Refuse known points of cameras that the project does not have.

    Raises:
        CopycarError: naming them.
    """
    if unknown := sorted(set(seen) - set(cameras)):
        raise CopycarError(
            f"there is no camera {', '.join(unknown)}", f"the project has {', '.join(cameras)}", "rename it"
        )


def write_poses(project: Path, cameras: Mapping[str, Calibration]) -> list[Path]:
    """Write R and T into the project's camera files, which keep what else they hold."""
    paths = []
    for name, calibration in cameras.items():
        unit_m = _unit_of(project, name)
        shift = (calibration.translation_m / unit_m).tolist()
        paths.append(_update(project, name, R=calibration.camera.rotation.tolist(), T=shift))
    return paths


def _lens(name: str, folder: Path, board: BoardKind, every: int, on_camera: OnCamera | None) -> LensOf:
    views, sizes = [], set()
    for number, picture in enumerate(pictures_in(folder, every), 1):
        sizes.add((picture.shape[0], picture.shape[1]))
        corners = find_corners(picture, board)
        if corners is not None:
            views.append(corners)
        if on_camera:
            on_camera(name, number)
    if len(sizes) > 1:
        raise CopycarError(f"{folder} holds pictures of several sizes: {sorted(sizes)}", fix="keep those of one size")
    return LensOf(calibrate_lens(name, views, sizes.pop()), views)


def _with_any_pose(name: str, path: Path) -> Calibration:
    values = read_json(path)
    size = array_of(path, values, "size", (2,)).astype(int).tolist()
    rotation, shift = np.diag([1.0, -1.0, -1.0]), np.zeros(3)
    if values.get("R") is not None and values.get("T") is not None:
        rotation = array_of(path, values, "R", (3, 3))
        shift = array_of(path, values, "T", (3,)) * unit_of(path, values)
    camera = camera_from((size[0], size[1]), array_of(path, values, "K", (3, 3)), rotation, shift)
    distortion = array_of(path, values, "dist", (-1,)) if values.get("dist") else np.zeros(5)
    return Calibration(name, camera, distortion)


def read_still(folder: Path, name: str, calibration: Calibration) -> Image:
    """Return a camera's raw picture out of a folder: cam1.png and so on, uint8 (H, W, 3) RGB.

    Raises:
        CopycarError: there is none, or it is of another size than the lens was calibrated at.
    """
    path = next((folder / form.format(name) for form in PICTURE_NAMES if (folder / form.format(name)).is_file()), None)
    if path is None:
        raise CopycarError(f"{folder} has no picture of {name}", fix=f"save one frame as {folder / name}.png")
    picture, camera = read_picture(path), calibration.camera
    if picture.shape[:2] != (camera.height_px, camera.width_px):
        raise CopycarError(
            f"{path} has {picture.shape[1]} x {picture.shape[0]} pixels",
            f"the lens of {name} was calibrated at {camera.width_px} x {camera.height_px}",
            "take it at the calibrated size",
        )
    return picture


def _file_of(project: Path, name: str) -> Path:
    folder = data_folder(project) / CALIBRATIONS
    return camera_files(folder).get(name, folder / f"{name}.json")


def _unit_of(project: Path, name: str) -> float:
    path = _file_of(project, name)
    return unit_of(path, read_json(path)) if path.is_file() else UNITS[USUAL_UNIT]


def _update(project: Path, name: str, **values: Any) -> Path:
    path = _file_of(project, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    known = read_json(path) if path.is_file() else {"view_id": int(name.removeprefix("cam") or 0), "unit": USUAL_UNIT}
    write_json(path, known | values)
    return path
