"""A lens that is known comes out of pictures of a board again."""

import cv2
import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.calibrating.boards import BoardKind, charuco_board, find_corners
from copycar.ground.calibrating.intrinsics import Lens, calibrate_lens, coverage_picture, judge_lens
from ground.calibrating.floor_pictures import GREY, LENS, SIZE, board_views, chessboard_texture, photograph

CHESS = BoardKind("chessboard", 9, 6, 0.024)
CHARUCO = BoardKind("charuco", 9, 7, 0.04, 0.03, "DICT_5X5_100")


def chess_pictures():
    texture = chessboard_texture(9, 6, 24)
    for view in board_views():
        yield view, photograph(view, texture, 0.001, (-0.144, 0.108))


def charuco_pictures():
    texture = np.pad(charuco_board(CHARUCO).generateImage((720, 560)), 40, constant_values=255)
    for view in board_views():
        yield view, photograph(view, texture, 0.0005, (-0.2, 0.16))


@pytest.fixture(scope="module")
def chess_views():
    return [corners for _, picture in chess_pictures() if (corners := find_corners(picture, CHESS))]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "pictures"), [(CHESS, chess_pictures), (CHARUCO, charuco_pictures)])
def test_a_known_lens_is_found_again(kind, pictures):
    shots = list(pictures())
    views = [corners for _, picture in shots if (corners := find_corners(picture, kind))]
    assert len(views) >= 9
    lens = calibrate_lens("cam1", views, SIZE)
    true = shots[0][0].camera.intrinsics
    assert lens.rms_px < 0.25
    np.testing.assert_allclose(lens.matrix[[0, 1], [0, 1]], true[[0, 1], [0, 1]], rtol=0.01)
    np.testing.assert_allclose(lens.matrix[:2, 2], true[:2, 2], atol=8)
    np.testing.assert_allclose(lens.distortion[0], LENS[0], atol=0.05)
    assert judge_lens("cam1", lens).status in {"ok", "look"}


def test_a_picture_without_a_board_has_no_corners():
    empty = np.full((*SIZE, 3), GREY, dtype=np.uint8)
    assert find_corners(empty, CHESS) is None
    assert find_corners(empty, CHARUCO) is None


@pytest.mark.slow
def test_too_few_pictures_are_refused(chess_views):
    with pytest.raises(CopycarError, match="found in 2 pictures"):
        calibrate_lens("cam1", chess_views[:2], SIZE)


@pytest.mark.slow
def test_coverage_is_what_was_shown(chess_views):
    corner = [type(chess_views[0])(view.board_m, view.pixels * 0.2) for view in chess_views]
    assert calibrate_lens("cam1", chess_views, SIZE).coverage > 0.4
    picture, small = (coverage_picture(views, SIZE) for views in (chess_views, corner))
    assert picture.shape == (*SIZE, 3)
    is_red = [(drawn[..., 0] > drawn[..., 2] + 20).mean() for drawn in (picture, small)]
    assert is_red[0] < is_red[1] - 0.3


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, "ok"),
        ({"n_views": 5}, "look"),
        ({"coverage": 0.2}, "look"),
        ({"rms_px": 0.9}, "look"),
        ({"rms_px": 3.0}, "broken"),
    ],
)
def test_lenses_are_judged(values, status):
    good = {"rms_px": 0.2, "worst_px": 0.3, "n_views": 20, "coverage": 0.8}
    lens = Lens(SIZE, np.eye(3), np.zeros(5), **{**good, **values})
    verdict = judge_lens("cam1", lens)
    assert verdict.status == status
    assert bool(verdict.fix) == (status != "ok")


def test_an_unknown_dictionary_gets_advice():
    with pytest.raises(CopycarError) as error:
        find_corners(np.zeros((*SIZE, 3), dtype=np.uint8), BoardKind("charuco", dictionary="DICT_5X5_99"))
    assert "DICT_5X5_" in error.value.fix


def test_opencv_is_new_enough_for_its_detectors():
    assert hasattr(cv2.aruco, "CharucoDetector")
