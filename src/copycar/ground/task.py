"""Learning to find things on the ground: the second Task of the engine. Knows sightings; knows nothing of files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from copycar.core.camera import Array
from copycar.ground.augment import Variation, draw_variation, inverse, moved, no_variation, vary_mask, vary_picture
from copycar.ground.data import STRIDE, Rig, Sightings
from copycar.ground.decode import decode
from copycar.ground.loss import Target, detection_loss
from copycar.ground.metrics import DetectionScore, best_threshold
from copycar.ground.network import GroundNetwork, Views
from copycar.ground.targets import FOOT_PIXELS, HILL_CELLS, heat_map, offsets
from copycar.learning.progress import Figures

THRESHOLDS = tuple(np.arange(0.1, 0.91, 0.05).round(2).tolist())
"""Of confidence, from which the best on the validation frames is chosen."""

MOST_JUDGED = 60
"""Validation frames per epoch, evenly chosen; the final figures are over all."""

ERROR_IN_SCORE = 0.1
"""Weight of the mean error, in matching distances, beside 1 - MODA: it breaks ties."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some scenes.

    Attributes:
        views: what cameras see.
        target: what the network should say.
        points_m: per scene (M, 2), the truths.
    """

    views: Views
    target: Target
    points_m: Sequence[Array]

    def __len__(self) -> int:
        return len(self.points_m)

    def to(self, device: torch.device) -> "Batch":
        """Return the same on `device`."""
        return Batch(self.views.to(device), self.target.to(device), self.points_m)


@dataclass(frozen=True, slots=True)
class Lessons:
    """How scenes are given to the network.

    Attributes:
        match_m: a detection this near has found a thing.
        batch_size: scenes per step.
        is_varied: whether training scenes are varied.
        seed: of order and variations.
    """

    match_m: float
    batch_size: int = 2
    is_varied: bool = True
    seed: int = 0


class DetectionTask:
    """Multi-view detection on the ground.

    Args:
        network: what is trained.
        rig: cameras and grid.
        train: what is learned from.
        validation: what is judged on.
        lessons: how.
    """

    def __init__(
        self, network: GroundNetwork, rig: Rig, train: Sightings, validation: Sightings, lessons: Lessons
    ) -> None:
        self.network = network
        self.n_train = len(train)
        self._rig, self._train, self._validation, self._lessons = rig, train, validation, lessons

    def train_batches(self, epoch: int, device: torch.device) -> Iterator[Batch]:
        """Yield the epoch's scenes, varied anew; the same epoch number gives the same batches."""
        rng = np.random.default_rng((self._lessons.seed, epoch))
        order = rng.permutation(self.n_train)
        for start in range(0, self.n_train, self._lessons.batch_size):
            rows = order[start : start + self._lessons.batch_size].tolist()
            yield self._batch(self._train, rows, [self._variation(rng) for _ in rows]).to(device)

    def validation_batches(self, device: torch.device) -> Iterator[Batch]:
        """Yield at most `MOST_JUDGED` held-out scenes as they are."""
        count = len(self._validation)
        return self.batches(np.linspace(0, count - 1, min(count, MOST_JUDGED)).astype(int).tolist(), device)

    def batches(self, rows: Sequence[int], device: torch.device) -> Iterator[Batch]:
        """Yield these held-out scenes as they are, one at a time."""
        unvaried = no_variation(len(self._rig.cameras))
        for row in rows:
            yield self._batch(self._validation, [row], [unvaried]).to(device)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Return `detection_loss` of one batch."""
        return detection_loss(network(batch.views, self._rig.shape), batch.target, batch.views.masks)

    def judge(self, network: nn.Module, batches: Iterator[Batch]) -> Figures:
        """Return MODA and its like at the best threshold. Finding nothing at all has MODA 0."""
        threshold, score = self.score(network, batches)
        moda = -1.0 if score.moda is None else score.moda
        error = self._lessons.match_m if score.mean_error_m is None else score.mean_error_m
        return {
            "score": 1.0 - moda + ERROR_IN_SCORE * error / self._lessons.match_m,
            "moda": moda,
            "precision": score.precision or 0.0,
            "recall": score.recall or 0.0,
            "mean_error_m": error,
            "threshold": threshold,
        }

    def score(self, network: nn.Module, batches: Iterator[Batch]) -> tuple[float, DetectionScore]:
        """Return the best threshold and the figures there."""
        scored = []
        for batch in batches:
            answer = network(batch.views, self._rig.shape)
            decoded = decode(answer, self._rig.grid, THRESHOLDS[0], self._lessons.match_m)
            for points, found in zip(batch.points_m, decoded, strict=True):
                scored.append((points, found.points_m, found.confidence))
        return best_threshold(scored, self._lessons.match_m, THRESHOLDS)

    def _variation(self, rng: np.random.Generator) -> Variation:
        if not self._lessons.is_varied:
            return no_variation(len(self._rig.cameras))
        return draw_variation(len(self._rig.cameras), self._rig.size, self._rig.shape, rng)

    def _batch(self, sightings: Sightings, rows: Sequence[int], variations: Sequence[Variation]) -> Batch:
        parts = [self._scene(sightings, *pair) for pair in zip(rows, variations, strict=True)]
        pictures, matrices, masks, heat, offset, view_heat = (
            torch.from_numpy(np.stack(part)) for part in zip(*parts, strict=True)
        )
        return Batch(
            Views(pictures, matrices, masks),
            Target(heat, offset, view_heat),
            [sightings.points_m[row] for row in rows],
        )

    def _scene(self, sightings: Sightings, row: int, variation: Variation) -> tuple[NDArray[Any], ...]:
        """Return pictures, homographies, masks and the three targets of one scene."""
        rig = self._rig
        cells = moved(sightings.cells[row], inverse(variation.ground))
        to_feature = np.diag([1 / STRIDE, 1 / STRIDE, 1.0]) @ variation.views @ rig.to_pixel @ variation.ground
        n_views = range(len(rig.cameras))
        pictures = [vary_picture(sightings.pictures[row, view], view, variation) for view in n_views]
        masks = [vary_mask(rig.masks[view], view, variation, STRIDE) for view in n_views]
        feet = [heat_map(_projected(cells, matrix), rig.masks.shape[1:], FOOT_PIXELS) for matrix in to_feature]
        return (
            np.stack(pictures),
            to_feature.astype(np.float32),
            np.stack(masks),
            heat_map(cells, rig.shape, HILL_CELLS),
            offsets(cells, rig.shape),
            np.stack(feet),
        )


def _projected(cells: Array, matrix: Array) -> Array:
    """Return the feature pixels (N, 2) of cells (N, 2); NaN behind the camera."""
    points = np.column_stack([cells, np.ones(len(cells))]) @ matrix.T
    return np.asarray(np.where(points[:, 2:] > 1e-9, points[:, :2] / np.maximum(points[:, 2:], 1e-9), np.nan))
