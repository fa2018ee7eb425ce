"""From the network's answer to points on the ground. Knows tensors and the grid; knows nothing of truths."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from copycar.core.camera import Array
from copycar.ground.grid import Grid
from copycar.ground.network import Answer

MOST = 200
"""Detections of a moment."""


@dataclass(frozen=True, slots=True)
class Detections:
    """What was found at one moment, surest first.

    Attributes:
        points_m: (N, 2) on the ground.
        confidence: (N,) 0 … 1.
    """

    points_m: Array
    confidence: Array

    def __len__(self) -> int:
        return len(self.confidence)

    def above(self, threshold: float) -> "Detections":
        """Return those that are at least so sure."""
        sure = self.confidence >= threshold
        return Detections(self.points_m[sure], self.confidence[sure])


def decode(answer: Answer, grid: Grid, threshold: float, apart_m: float) -> list[Detections]:
    """Return the detections of every scene.

    A detection is a cell that is surer than its eight neighbours and at least `threshold`, moved by its offset; of two
    that are nearer than `apart_m` the surer one stays.

    Args:
        answer: of the network, B scenes.
        grid: of the ground.
        threshold: least confidence, 0 … 1.
        apart_m: least distance of two things.
    """
    heat = heat_of(answer)
    is_peak = (functional.max_pool2d(heat[:, None], 3, 1, 1)[:, 0] == heat) & (heat >= threshold)
    found = []
    for scene in range(len(heat)):
        rows, columns = torch.nonzero(is_peak[scene], as_tuple=True)
        offset = answer.offset[scene, :, rows, columns].float()  # (2, N)
        cells = torch.stack([columns, rows]) + offset
        points = grid.points(cells.T.cpu().numpy().astype(np.float64))
        found.append(_thinned(points, heat[scene, rows, columns].cpu().numpy().astype(np.float64), apart_m))
    return found


def heat_of(answer: Answer) -> torch.Tensor:
    """Return the heat maps (B, rows, columns), 0 … 1, and 0 where no view sees the ground."""
    return answer.heat.float().sigmoid() * answer.seen


def _thinned(points_m: Array, confidence: Array, apart_m: float) -> Detections:
    order = np.argsort(-confidence, kind="stable")[: 4 * MOST]
    kept: list[int] = []
    for row in order.tolist():
        if len(kept) == MOST:
            break
        if not kept or np.hypot(*(points_m[kept] - points_m[row]).T).min() >= apart_m:
            kept.append(row)
    return Detections(points_m[kept], confidence[kept])
