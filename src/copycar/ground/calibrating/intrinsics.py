"""A lens from pictures of a board: K and five distortion coefficients, and how much of the picture was covered.

Knows corners; knows nothing of files or of where a camera stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.ground.calibrating.boards import Corners
from copycar.tubs.doctor.verdict import Status, Verdict

LEAST_VIEWS, GOOD_VIEWS = 4, 12
GOOD_RMS_PX, BAD_RMS_PX = 0.5, 2.0
"""OpenCV's guides ask for less than half a pixel; beyond two, the board was bent or its size is wrong."""

GOOD_COVERAGE = 0.5
_CELLS = (8, 6)
_SMALL_DISTORTION = 5  # k1, k2, p1, p2, k3: enough for lenses up to about 100 degrees


@dataclass(frozen=True, slots=True)
class Lens:
    """A camera's intrinsics.

    Attributes:
        size: (height, width) px.
        matrix: (3, 3) K.
        distortion: (5,) k1, k2, p1, p2, k3.
        rms_px: root mean square of the reprojection error.
        worst_px: largest root mean square of one picture.
        n_views: pictures in which the board was found.
        coverage: share of the picture's 48 cells that hold a corner.
    """

    size: tuple[int, int]
    matrix: Array
    distortion: Array
    rms_px: float
    worst_px: float
    n_views: int
    coverage: float


def calibrate_lens(name: str, views: Sequence[Corners], size: tuple[int, int]) -> Lens:
    """Return the lens that explains all views best.

    Args:
        name: of the camera, for messages.
        views: corners of the board, one per picture.
        size: (height, width) px of the pictures.

    Raises:
        CopycarError: too few pictures show the board, or nothing explains them.
    """
    if len(views) < LEAST_VIEWS:
        raise CopycarError(
            f"{name}: the board was found in {len(views)} pictures",
            f"at least {LEAST_VIEWS} are needed, {GOOD_VIEWS} are good",
            "check --corners (inner corners of a chessboard, squares of a ChArUco board), light and sharpness",
        )
    board = [view.board_m.astype(np.float32) for view in views]
    pixels = [view.pixels.astype(np.float32).reshape(-1, 1, 2) for view in views]
    try:
        result = cv2.calibrateCameraExtended(board, pixels, size[::-1], np.eye(3), np.zeros(_SMALL_DISTORTION))
    except cv2.error as error:
        why = str(error).splitlines()[0]
        raise CopycarError(
            f"{name}: no lens explains these pictures", why, "film the board anew, tilted and near"
        ) from error
    rms, matrix, distortion, per_view = result[0], result[1], result[2], result[-1]
    return Lens(
        size,
        np.asarray(matrix, dtype=np.float64),
        np.asarray(distortion, dtype=np.float64).ravel()[:_SMALL_DISTORTION],
        float(rms),
        float(np.max(per_view)),
        len(views),
        float((_counts(views, size) > 0).mean()),
    )


def judge_lens(name: str, lens: Lens) -> Verdict:
    """Return whether a lens can be trusted."""
    status: Status = "ok"
    fixes = []
    if lens.n_views < GOOD_VIEWS:
        fixes.append(f"use {GOOD_VIEWS} pictures or more")
    if lens.coverage < GOOD_COVERAGE:
        fixes.append("bring the board into the corners of the picture, too")
    if lens.rms_px > GOOD_RMS_PX:
        fixes.append("use sharp pictures of a flat board")
    if fixes:
        status = "broken" if lens.rms_px > BAD_RMS_PX else "look"
    words = (
        f"{lens.rms_px:.2f} px off on average over {lens.n_views} pictures (worst {lens.worst_px:.2f}), "
        f"corners in {lens.coverage:.0%} of the picture"
    )
    figures = {"rms_px": lens.rms_px, "n_views": lens.n_views, "coverage": lens.coverage}
    return Verdict(f"{name} lens", status, words, fix="; ".join(fixes), figures=figures)


def coverage_picture(views: Sequence[Corners], size: tuple[int, int]) -> Image:
    """Return a picture of the camera's size: every corner as a dot, cells without any are red."""
    height, width = size
    empty = _counts(views, size) == 0
    shades = np.where(empty[..., None], (70, 34, 38), (48, 66, 78)).astype(np.uint8)
    picture = np.asarray(cv2.resize(shades, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    for number, view in enumerate(views):
        shade = 120 + 135 * (number + 1) // len(views)
        for x, y in np.rint(view.pixels).astype(int).tolist():
            cv2.circle(picture, (x, y), max(2, width // 300), (shade, shade, 90), -1, cv2.LINE_AA)
    return picture


def _counts(views: Sequence[Corners], size: tuple[int, int]) -> Array:
    """Return how many corners each cell of the picture holds, (rows, columns)."""
    pixels = np.concatenate([view.pixels for view in views])
    edges = [np.linspace(0, side, count + 1) for side, count in zip(size, _CELLS[::-1], strict=True)]
    counts, _, _ = np.histogram2d(pixels[:, 1], pixels[:, 0], bins=edges)
    return np.asarray(counts, dtype=np.float64)
