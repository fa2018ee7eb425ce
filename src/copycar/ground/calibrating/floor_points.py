"""Known points of the floor and where cameras show them: surveyed by hand, or tags of a mat. Knows no poses.

Surveyed by hand is a CSV file `camera,u_px,v_px,x_m,y_m` (and `z_m`, 0 where left out), one row per point and camera,
in raw pixels. A mat is a JSON file that says where each tag's centre lies and how far it is turned counter-clockwise
(unturned, its upper edge is towards +Y):

    {"dictionary": "DICT_APRILTAG_36h11", "size_m": 0.12, "tags": {"7": [x, y, turn_deg]}}
"""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.ground.calibrating.boards import dictionary_named
from copycar.ground.layouts.json_file import array_of, read_json

COLUMNS = ("camera", "u_px", "v_px", "x_m", "y_m")
USUAL_DICTIONARY = "DICT_APRILTAG_36h11"


@dataclass(frozen=True, slots=True)
class Seen:
    """Known points in one camera's raw picture.

    Attributes:
        points_m: (N, 3) in the world.
        pixels: (N, 2).
        names: of each point; the same point has the same name in every camera.
    """

    points_m: Array
    pixels: Array
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mat:
    """Tags on the floor.

    Attributes:
        dictionary: OpenCV's name of the tags' family.
        corners_m: tag number to its corners (4, 3): upper left, upper right, lower right, lower left.
    """

    dictionary: str
    corners_m: Mapping[int, Array]


def read_points(path: Path) -> dict[str, Seen]:
    """Return the surveyed points per camera.

    Raises:
        CopycarError: missing, a column is missing, or a row is damaged; it is named.
    """
    if not path.is_file():
        raise CopycarError(f"there is no {path}", fix=f"a CSV file with the columns {', '.join(COLUMNS)}")
    found: dict[str, list[tuple[float, ...]]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or [])]:
            raise CopycarError(f"{path} has no column {', '.join(missing)}", fix=f"its header is {','.join(COLUMNS)}")
        for number, row in enumerate(reader, 2):
            try:
                values = [float(row[name]) for name in COLUMNS[1:]] + [float(row.get("z_m") or 0)]
            except (TypeError, ValueError) as error:
                raise CopycarError(f"{path} line {number} is damaged", str(error), "every field is a number") from error
            found.setdefault(row["camera"], []).append(tuple(values))
    return {camera: _seen(np.array(rows)) for camera, rows in found.items()}


def read_mat(path: Path) -> Mat:
    """Return a mat.

    Raises:
        CopycarError: missing or damaged.
    """
    values = read_json(path)
    size = float(array_of(path, values, "size_m", ())[()])
    tags = values.get("tags")
    if not isinstance(tags, dict) or not tags or not all(name.isdigit() for name in tags):
        raise CopycarError(f"{path} names no tags", fix='write "tags": {"7": [x, y, turn_deg], …}')
    dictionary = str(values.get("dictionary", USUAL_DICTIONARY))
    dictionary_named(dictionary)
    corners = {int(name): _corners(array_of(path, tags, name, (3,)), size) for name in tags}
    return Mat(dictionary, corners)


def find_tags(picture: Image, mat: Mat) -> Seen:
    """Return the corners of the mat's tags in a raw picture, uint8 (H, W, 3) RGB; other tags are left out."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(dictionary_named(mat.dictionary), parameters)
    corners, ids, _ = detector.detectMarkers(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    numbers: list[int] = [] if ids is None else np.asarray(ids).ravel().astype(int).tolist()
    known = [
        (number, np.asarray(c).reshape(4, 2))
        for number, c in zip(numbers, corners, strict=True)
        if number in mat.corners_m
    ]
    if not known:
        return Seen(np.zeros((0, 3)), np.zeros((0, 2)), ())
    points = np.concatenate([mat.corners_m[number] for number, _ in known])
    pixels = np.concatenate([c for _, c in known]).astype(np.float64)
    return Seen(points, pixels, tuple(f"tag {number} corner {place}" for number, _ in known for place in range(1, 5)))


def _corners(placed: Array, size_m: float) -> Array:
    x, y, turn = float(placed[0]), float(placed[1]), math.radians(float(placed[2]))
    half = size_m / 2
    local = np.array([(-half, half), (half, half), (half, -half), (-half, -half)])
    turning = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return np.column_stack([local @ turning.T + (x, y), np.zeros(4)])


def _seen(rows: Array) -> Seen:
    points = rows[:, 2:5].copy()  # OpenCV takes no slices
    return Seen(points, rows[:, :2].copy(), tuple(f"({x:g}, {y:g}, {z:g})" for x, y, z in points.tolist()))
