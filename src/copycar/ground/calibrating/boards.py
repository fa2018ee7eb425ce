"""Finds the corners of a printed board in a picture: chessboard or ChArUco. Knows nothing of lenses."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import Image

LEAST_CORNERS = 6


@dataclass(frozen=True, slots=True)
class Corners:
    """What one picture shows of a board.

    Attributes:
        board_m: (N, 3) places on the board, Z = 0.
        pixels: (N, 2).
    """

    board_m: Array
    pixels: Array


@dataclass(frozen=True, slots=True)
class BoardKind:
    """A printed board.

    Attributes:
        kind: "chessboard" or "charuco".
        columns, rows: inner corners of a chessboard; squares of a ChArUco board.
        square_m: side of a square.
        marker_m: side of a ChArUco board's markers.
        dictionary: of those, OpenCV's name.
    """

    kind: Literal["chessboard", "charuco"] = "chessboard"
    columns: int = 9
    rows: int = 6
    square_m: float = 0.04
    marker_m: float = 0.03
    dictionary: str = "DICT_5X5_1000"


def find_corners(picture: Image, board: BoardKind) -> Corners | None:
    """Return the corners of the board in a picture, uint8 (H, W, 3) RGB; None where it is not seen well."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return _chessboard(grey, board) if board.kind == "chessboard" else _charuco(grey, board)


def dictionary_named(name: str) -> cv2.aruco.Dictionary:
    """Return one of OpenCV's marker dictionaries.

    Raises:
        CopycarError: unknown name.
    """
    known = [known for known in dir(cv2.aruco) if known.startswith("DICT_")]
    if name not in known:
        raise CopycarError(f"unknown marker dictionary {name!r}", fix=did_you_mean(name, known))
    return cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, name))


def charuco_board(board: BoardKind) -> cv2.aruco.CharucoBoard:
    """Return OpenCV's ChArUco board.

    Raises:
        CopycarError: sizes that no such board can have.
    """
    dictionary = dictionary_named(board.dictionary)
    if not 0 < board.marker_m < board.square_m:
        raise CopycarError(
            f"markers of {board.marker_m} m do not fit into squares of {board.square_m} m",
            fix="measure both on the board",
        )
    return cv2.aruco.CharucoBoard((board.columns, board.rows), board.square_m, board.marker_m, dictionary)


def _chessboard(grey: Image, board: BoardKind) -> Corners | None:
    is_found, pixels = cv2.findChessboardCornersSB(grey, (board.columns, board.rows), flags=cv2.CALIB_CB_ACCURACY)
    if not is_found:
        return None
    places = np.mgrid[: board.columns, : board.rows].T.reshape(-1, 2) * board.square_m
    return Corners(
        np.column_stack([places, np.zeros(len(places))]), np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
    )


def _charuco(grey: Image, board: BoardKind) -> Corners | None:
    printed = charuco_board(board)
    pixels, ids, _, _ = cv2.aruco.CharucoDetector(printed).detectBoard(grey)
    if ids is None or len(ids) < LEAST_CORNERS:
        return None
    places = np.asarray(printed.getChessboardCorners(), dtype=np.float64)[np.asarray(ids).ravel()]
    return Corners(places, np.asarray(pixels, dtype=np.float64).reshape(-1, 2))
