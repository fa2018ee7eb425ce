"""The one seam between the engine and what is learned. Knows nothing of driving, files or devices' names."""

from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from copycar.learning.progress import Figures


class Task(Protocol):
    """Something that can be learned: it gives data, a network, a loss and a judgement."""

    @property
    def network(self) -> nn.Module:
        """What is trained."""

    @property
    def n_train(self) -> int:
        """Training samples per epoch."""

    def train_batches(self, epoch: int, device: torch.device) -> Iterator[Any]:
        """Yield the epoch's batches on `device`; the same epoch number gives the same batches."""

    def validation_batches(self, device: torch.device) -> Iterator[Any]:
        """Yield the held-out batches on `device`, always the same."""

    def loss(self, network: nn.Module, batch: Any) -> Tensor:
        """Return the scalar training loss of one batch."""

    def judge(self, network: nn.Module, batches: Iterator[Any]) -> Figures:
        """Return the figures of the network over `batches`, with `"score"`, beside their trivial baselines."""
