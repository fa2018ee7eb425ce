"""Pictures of printed floors and boards as a camera with a lens shows them, by casting every pixel's ray."""

import math
from dataclasses import replace

import cv2
import numpy as np

from copycar.core.camera import Camera
from copycar.ground.calibrating.floor_points import Mat
from copycar.ground.calibration import Calibration

SIZE = (360, 640)
LENS = np.array([-0.12, 0.03, 0.001, -0.0005, 0.0])
GREY = 128


def photograph(calibration, texture, texel_m, corner_m):
    """The raw picture of a texture that lies on the ground, its upper left corner at `corner_m`, +Y up."""
    camera = calibration.camera
    columns, rows = np.meshgrid(np.arange(camera.width_px), np.arange(camera.height_px))
    raw = np.stack([columns, rows], axis=-1).reshape(-1, 1, 2).astype(np.float64)
    matrix = camera.intrinsics
    ground = camera.ground_points(cv2.undistortPoints(raw, matrix, calibration.distortion, P=matrix).reshape(-1, 2))
    places = (ground - corner_m) / (texel_m, -texel_m) - 0.5
    maps = np.nan_to_num(places, nan=-1e6).reshape(*SIZE, 2).astype(np.float32)
    grey = cv2.remap(texture, maps[..., 0], maps[..., 1], cv2.INTER_AREA, borderValue=GREY)
    return np.repeat(grey[..., None], 3, axis=-1)


def with_lens(camera, name="cam1"):
    return Calibration(name, camera, LENS)


def board_views(n=12, seed=0):
    """Cameras that look at a board of 0.4 x 0.3 m around the origin from near and aslant, all with one lens."""
    rng = np.random.default_rng(seed)
    for number in range(n):
        angle, tilt = 2 * math.pi * number / n, math.radians(rng.uniform(10, 40))
        reach = rng.uniform(0.45, 0.7)
        position = reach * np.array(
            [math.sin(tilt) * math.cos(angle), math.sin(tilt) * math.sin(angle), math.cos(tilt)]
        )
        aim = rng.uniform(-0.12, 0.12, 2)
        to = np.array([*aim, 0]) - position
        heading, pitch = math.atan2(to[1], to[0]), math.atan2(-to[2], math.hypot(to[0], to[1]))
        camera = Camera.placed(SIZE[1], SIZE[0], math.radians(60), position, heading, pitch)
        yield with_lens(camera)


def chessboard_texture(columns, rows, texels):
    squares = np.indices((rows + 1, columns + 1)).sum(axis=0) % 2
    board = (255 * squares).astype(np.uint8).repeat(texels, axis=0).repeat(texels, axis=1)
    return np.pad(board, texels, constant_values=255)


def floor_with_tags(mat: Mat, area, texel_m):
    """A grey floor with the mat's tags, each on white."""
    x0, y0, x1, y1 = area
    floor = np.full((round((y1 - y0) / texel_m), round((x1 - x0) / texel_m)), GREY, dtype=np.uint8)
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, mat.dictionary))
    for number, corners in mat.corners_m.items():
        places = (corners[:, :2] - (x0, y1)) / (texel_m, -texel_m) - 0.5
        side = 200
        tag = np.pad(cv2.aruco.generateImageMarker(dictionary, number, side), 40, constant_values=255)
        source = np.array([(40, 40), (side + 40, 40), (side + 40, side + 40), (40, side + 40)]) - 0.5
        warp = cv2.getPerspectiveTransform(source.astype(np.float32), places.astype(np.float32))
        drawn = cv2.warpPerspective(tag, warp, floor.shape[::-1], flags=cv2.INTER_AREA)
        is_tag = cv2.warpPerspective(np.full_like(tag, 255), warp, floor.shape[::-1]) > 127
        floor[is_tag] = drawn[is_tag]
    return floor


def moved(calibration, by_m):
    camera = calibration.camera
    return replace(calibration, camera=replace(camera, position_m=camera.position_m + by_m))
