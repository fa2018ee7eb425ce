"""Learning to drive from one camera: the first Task. Knows frames and labels; knows nothing of files or devices."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from copycar.learning.augment.settings import Augmentation
from copycar.learning.augment.vary import vary_light
from copycar.learning.augment.warps import draw_warps
from copycar.learning.batches import IMAGE, Batch, Batches, parts
from copycar.learning.columns import Category
from copycar.learning.dataset import DrivingData
from copycar.learning.judgement import category_figures, offline_figures
from copycar.learning.mirror import unmirrorable
from copycar.learning.policies.network import DrivingNetwork
from copycar.learning.progress import Figures

THROTTLE_IN_SCORE = 0.1

ACCURACY = "_accuracy"
"""Behind a name in a validation's figures: the share of right answers, of a network that is asked named things."""


class DrivingTask:
    """Frames in, steering and throttle out.

    Args:
        data: frames, labels and their split.
        network: what is trained.
        augmentation: how training frames are varied; nothing is mirrored where the network reads something of which
            nobody knows the mirror image.
        batch_size: samples per step.
        weights: (n_train,) how often each training frame is drawn (`copycar.learning.sampling`); None: every one once.
        seed: of order, warps and light.

    Attributes:
        network: what is trained.
        n_train: training frames per epoch.
        notes: what was decided about the data, in words.
        said: float32 (n_held_out, 2), what the network last said to the held-out frames; empty before.
    """

    def __init__(
        self,
        data: DrivingData,
        network: DrivingNetwork,
        augmentation: Augmentation,
        *,
        batch_size: int,
        seed: int,
        weights: NDArray[np.float64] | None = None,
    ) -> None:
        self.network = network
        self.n_train = len(data.train)
        self.said: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        unknown = unmirrorable(data.reads.columns) if augmentation.mirror else []
        self.notes = [*network.remarks]
        self.notes += [f"frames are not mirrored: nobody knows the mirror image of {name!r}" for name in unknown]
        augmentation = augmentation.model_copy(update={"mirror": augmentation.mirror and not unknown})
        self._data, self._augmentation, self._batch_size, self._seed = data, augmentation, batch_size, seed
        warps = draw_warps(augmentation, data.image_size, data.vehicle, seed)
        self._n_warps = 0 if warps.changes_nothing else len(warps)
        self._batches = Batches(data, warps)
        self._weights = torch.ones(self.n_train) if weights is None else torch.from_numpy(weights)

    def train_batches(self, epoch: int, device: torch.device) -> Iterator[Batch]:
        """Yield the epoch's frames, varied anew; the same epoch number gives the same batches."""
        self._batches.move_to(device)
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + epoch)
        for rows in parts(self._order(generator), self._batch_size):
            chosen = torch.randint(self._n_warps, (len(rows),), generator=generator) if self._n_warps else None
            batch = self._batches.of(rows, chosen)
            pictures = vary_light(batch.inputs[IMAGE], self._augmentation, generator)
            yield replace(batch, inputs={**batch.inputs, IMAGE: pictures})

    def validation_batches(self, device: torch.device) -> Iterator[Batch]:
        """Yield the held-out frames as they were recorded."""
        self._batches.move_to(device)
        for rows in parts(torch.from_numpy(self._data.validation), self._batch_size):
            yield self._batches.of(rows)

    def loss(self, network: torch.nn.Module, batch: Batch) -> Tensor:
        """Return the network's own loss on a batch."""
        assert isinstance(network, DrivingNetwork)
        return network.loss(network(batch.inputs), batch.labels)

    def judge(self, network: torch.nn.Module, batches: Iterator[Batch]) -> Figures:
        """Return the error beside its baselines; the score is nearly the squared steering error alone.

        Steering keeps the car on the road; the throttle only breaks ties. Weighed equally, the throttle of a noisy
        recording chose epochs that drove off (measured on 700 frames: 4 interventions a lap against 0).
        """
        offline = self.offline(network, batches)
        steering, throttle = offline["steering"], offline["throttle"]
        named = {name: figures for name, figures in offline.items() if name in self._data.columns}
        return {
            "score": steering["rmse"] ** 2 + THROTTLE_IN_SCORE * throttle["rmse"] ** 2,
            "steering_mae": steering["mae"],
            "steering_baseline_mean_mae": steering["baseline_mean_mae"],
            "throttle_mae": throttle["mae"],
            "throttle_baseline_mean_mae": throttle["baseline_mean_mae"],
            **{name + ACCURACY: figures["accuracy"] for name, figures in named.items()},
        }

    def offline(self, network: torch.nn.Module, batches: Iterator[Batch]) -> dict[str, Any]:
        """Return `judgement.offline_figures` over the held-out frames, and those of every named thing asked."""
        assert isinstance(network, DrivingNetwork)
        answers = [_answers(network, batch) for batch in batches]
        actions, more = (torch.cat([answer[0] for answer in answers]), [answer[1] for answer in answers])
        data, held_out = self._data, self._data.validation
        self.said = actions.float().numpy()
        figures = offline_figures(actions.numpy(), data.labels[held_out], data.previous[held_out], data.train_mean)
        for name in more[0]:
            asked = data.columns[name]
            said = torch.cat([answer[name] for answer in more]).numpy()
            if isinstance(data.reads.labels[name], Category):
                figures[name] = category_figures(said.argmax(axis=1), asked[held_out], asked[data.train])
        return figures

    def _order(self, generator: torch.Generator) -> Tensor:
        train = torch.from_numpy(self._data.train)
        if bool((self._weights == self._weights[0]).all()):  # nothing to balance: every frame once
            return train[torch.randperm(self.n_train, generator=generator)]
        return train[torch.multinomial(self._weights, self.n_train, replacement=True, generator=generator)]


def _answers(network: DrivingNetwork, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    outputs = network(batch.inputs)
    return network.action(outputs).cpu(), {name: answer.cpu() for name, answer in network.more(outputs).items()}
