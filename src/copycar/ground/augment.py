"""Variations of a scene that keep pictures, homographies and truths consistent, on two levels as MVAug does.

A view is shown differently (zoomed, shifted, mirrored, in another light): `H becomes A H`. The whole scene is placed
differently on the ground (turned, mirrored, shifted, zoomed): `H becomes H S`, and truths go by S^-1. Then some cameras
are left out. Engilberge et al., "Two-level data augmentation for calibrated multi-view detection", WACV 2023.

Knows numpy arrays. Knows nothing of files or networks.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.frame import Image


@dataclass(frozen=True, slots=True)
class Variation:
    """How one scene is varied.

    Attributes:
        views: (V, 3, 3), picture pixels to picture pixels.
        ground: (3, 3) S, from a cell of the varied grid to the cell of the true grid that is shown there.
        is_kept: (V,) which cameras are used.
        gain: (V, 3) factor per colour.
        lift: (V,) added afterwards, of 255.
    """

    views: Array
    ground: Array
    is_kept: Array
    gain: Array
    lift: Array


def no_variation(n_views: int) -> Variation:
    """Return the variation that changes nothing."""
    views = np.tile(np.eye(3), (n_views, 1, 1))
    return Variation(views, np.eye(3), np.ones(n_views), np.ones((n_views, 3)), np.zeros(n_views))


def draw_variation(n_views: int, size: tuple[int, int], shape: tuple[int, int], rng: np.random.Generator) -> Variation:
    """Draw a variation.

    Views are zoomed by 0.8 to 1.3, shifted by up to 12 % and half of them mirrored; the ground is turned by up to 30
    degrees, zoomed by 0.9 to 1.1, shifted by up to 8 % and mirrored along either axis. Half of the scenes lose one
    camera or more. Colours change by 25 %.

    Args:
        n_views: cameras.
        size: (height, width) px of the pictures.
        shape: (rows, columns) of the ground.
        rng: random numbers.
    """
    views = np.stack([_view(size, rng) for _ in range(n_views)])
    gain = rng.uniform(0.75, 1.25, (n_views, 1)) * rng.uniform(0.92, 1.08, (n_views, 3))
    return Variation(views, _ground(shape, rng), _kept(n_views, rng), gain, rng.uniform(-20, 20, n_views))


def vary_picture(picture: Image, number: int, variation: Variation) -> Image:
    """Return view `number`'s picture, uint8 (H, W, 3), as the variation shows it; what lies outside is black."""
    height, width = picture.shape[:2]
    gain, lift = variation.gain[number], float(variation.lift[number])
    warped = cv2.warpAffine(picture, variation.views[number, :2], (width, height), flags=cv2.INTER_LINEAR)
    table = np.clip(np.arange(256)[:, None] * gain + lift, 0, 255).astype(np.uint8)  # (256, 3)
    return np.asarray(cv2.LUT(warped, table[None]), dtype=np.uint8)


def vary_mask(mask: Array, number: int, variation: Variation, stride: int) -> Array:
    """Return view `number`'s mask (H / stride, W / stride) as the variation shows it; empty if the view is left out."""
    if not variation.is_kept[number]:
        return np.zeros_like(mask)
    smaller = np.diag([1 / stride, 1 / stride, 1.0])
    matrix = smaller @ variation.views[number] @ np.linalg.inv(smaller)
    return np.asarray(cv2.warpAffine(mask, matrix[:2], mask.shape[::-1], flags=cv2.INTER_LINEAR))


def moved(places: Array, matrix: Array) -> Array:
    """Return places (N, 2) under an affine (3, 3) matrix."""
    return np.asarray(places @ matrix[:2, :2].T + matrix[:2, 2])


def inverse(matrix: Array) -> Array:
    """Return the inverse of a (3, 3) matrix."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _view(size: tuple[int, int], rng: np.random.Generator) -> Array:
    height, width = size
    zoom, mirror = rng.uniform(0.8, 1.3), rng.choice([-1.0, 1.0])
    shift = rng.uniform(-0.12, 0.12, 2) * (width, height)
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    return _about(middle, np.diag([zoom * mirror, zoom]), shift)


def _ground(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    rows, columns = shape
    turn, zoom = math.radians(rng.uniform(-30, 30)), rng.uniform(0.9, 1.1)
    turning = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    shift = rng.uniform(-0.08, 0.08, 2) * (columns, rows)
    middle = np.array([(columns - 1) / 2, (rows - 1) / 2])
    return _about(middle, zoom * turning @ np.diag(rng.choice([-1.0, 1.0], 2)), shift)


def _about(middle: Array, linear: Array, shift: Array) -> Array:
    """Return the (3, 3) map that applies `linear` about `middle`, then shifts."""
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = middle + shift - linear @ middle
    return matrix


def _kept(n_views: int, rng: np.random.Generator) -> Array:
    kept = np.ones(n_views)
    if n_views > 1 and rng.random() < 0.5:
        kept[rng.permutation(n_views)[: rng.integers(1, n_views)]] = 0
    return kept
