"""Learning to drive from one camera: the first Task. Knows frames and labels; knows nothing of files or devices."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from copycar.learning.augment.settings import Augmentation
from copycar.learning.augment.vary import vary_light
from copycar.learning.augment.warps import draw_warps, warp, warp_steering
from copycar.learning.dataset import DrivingData
from copycar.learning.judgement import offline_figures
from copycar.learning.policies.network import DrivingNetwork
from copycar.learning.task import Figures
from copycar.tubs.store import DecodedImages

Batch = tuple[Tensor, Tensor]
"""Frames uint8 (B, H, W, 3) and labels float32 (B, 2)."""

THROTTLE_IN_SCORE = 0.1

STEERING_BINS = 41
"""Resolution at which frames are balanced: bins of 0.05 in steering."""


class DrivingTask:
    """Frames in, steering and throttle out.

    Args:
        data: frames, labels and their split.
        network: what is trained.
        augmentation: how training frames are varied.
        batch_size: samples per step.
        balance: 0 draws frames as they were recorded, 1 makes every steering angle equally frequent, 0.5 lies between.
        seed: of order, warps and light.

    Attributes:
        network: what is trained.
        n_train: training frames per epoch.
    """

    def __init__(
        self,
        data: DrivingData,
        network: DrivingNetwork,
        augmentation: Augmentation,
        *,
        batch_size: int,
        balance: float,
        seed: int,
    ) -> None:
        self.network = network
        self.n_train = len(data.train)
        self._data, self._augmentation, self._batch_size, self._seed = data, augmentation, batch_size, seed
        self._warps = draw_warps(augmentation, data.image_size, data.vehicle, seed)
        self._weights = torch.from_numpy(balancing_weights(data.labels[data.train, 0], balance))
        self._device = torch.device("cpu")
        self._images = torch.from_numpy(data.images.images) if isinstance(data.images, DecodedImages) else None
        self._labels = torch.from_numpy(data.labels)

    def train_batches(self, epoch: int, device: torch.device) -> Iterator[Batch]:
        """Yield the epoch's frames, varied anew; the same epoch number gives the same batches."""
        self._move_to(device)
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + epoch)
        for rows in _parts(self._order(generator), self._batch_size):
            chosen = torch.randint(len(self._warps), (len(rows),), generator=generator)
            frames, places = self._frames(rows, device)
            chosen, labels = chosen.to(device), self._labels[rows].to(device)
            steering = warp_steering(labels[:, 0], self._warps, chosen)
            pictures = vary_light(warp(frames, places, self._warps, chosen), self._augmentation, generator)
            yield pictures, torch.stack([steering, labels[:, 1]], dim=1)

    def validation_batches(self, device: torch.device) -> Iterator[Batch]:
        """Yield the held-out frames as they were recorded."""
        self._move_to(device)
        for rows in _parts(torch.from_numpy(self._data.validation), self._batch_size):
            frames, places = self._frames(rows, device)
            yield frames[places], self._labels[rows].to(device)

    def loss(self, network: torch.nn.Module, batch: Batch) -> Tensor:
        """Return the network's own loss on a batch."""
        assert isinstance(network, DrivingNetwork)
        pictures, labels = batch
        return network.loss(network(pictures), labels)

    def judge(self, network: torch.nn.Module, batches: Iterator[Batch]) -> Figures:
        """Return the error beside its baselines; the score is nearly the squared steering error alone.

        Steering keeps the car on the road; the throttle only breaks ties. Weighed equally, the throttle of a noisy
        recording chose epochs that drove off (measured on 700 frames: 4 interventions a lap against 0).
        """
        offline = self.offline(network, batches)
        steering, throttle = offline["steering"], offline["throttle"]
        return {
            "score": steering["rmse"] ** 2 + THROTTLE_IN_SCORE * throttle["rmse"] ** 2,
            "steering_mae": steering["mae"],
            "steering_baseline_mean_mae": steering["baseline_mean_mae"],
            "throttle_mae": throttle["mae"],
            "throttle_baseline_mean_mae": throttle["baseline_mean_mae"],
        }

    def offline(self, network: torch.nn.Module, batches: Iterator[Batch]) -> dict[str, Any]:
        """Return `judgement.offline_figures` of the network over the held-out frames."""
        assert isinstance(network, DrivingNetwork)
        predicted = torch.cat([network.action(network(pictures)).cpu() for pictures, _ in batches]).numpy()
        held_out = self._data.validation
        return offline_figures(
            predicted, self._data.labels[held_out], self._data.previous[held_out], self._data.train_mean
        )

    def _order(self, generator: torch.Generator) -> Tensor:
        train = torch.from_numpy(self._data.train)
        if bool((self._weights == self._weights[0]).all()):  # nothing to balance: every frame once
            return train[torch.randperm(self.n_train, generator=generator)]
        return train[torch.multinomial(self._weights, self.n_train, replacement=True, generator=generator)]

    def _frames(self, rows: Tensor, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return frames that hold `rows`, and where in them: all of them where they are in memory, else a batch."""
        if self._images is not None:
            return self._images, rows.to(device)
        return torch.from_numpy(self._data.images[rows.numpy()]).to(device), torch.arange(len(rows), device=device)

    def _move_to(self, device: torch.device) -> None:
        if device != self._device:
            self._warps = self._warps.to(device)
            self._images = self._images.to(device) if self._images is not None else None
            self._device = device


def _parts(rows: Tensor, size: int) -> Iterator[Tensor]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def balancing_weights(steering: NDArray[np.float32], strength: float) -> NDArray[np.float64]:
    """Return how often each frame (N,) is drawn, relative to the others, by how rare its steering is.

    >>> balancing_weights(np.array([0.0, 0.0, 0.0, 0.5], dtype=np.float32), 1.0).round(2).tolist()
    [1.0, 1.0, 1.0, 3.0]
    """
    bins = np.rint((steering + 1) / 2 * (STEERING_BINS - 1)).astype(np.int64)
    frequency = np.bincount(bins, minlength=STEERING_BINS)[bins]
    weights: NDArray[np.float64] = (frequency.max() / frequency) ** strength
    return weights
