"""What every driving network has in common, and the list of their names. Knows nothing of tubs or training."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.core.registry import Registry
from copycar.learning.pipeline import Crop, Normalise, Pipeline, Resize


class DrivingNetwork(nn.Module):
    """Raw frames in, actions out; subclasses say what lies between and how it is learned.

    The default loss and decoding are for networks whose output *is* the action, (B, 2).

    Args:
        image_size: (height, width) px of the raw frame.
        steps: image operations in front of the first layer.
    """

    def __init__(self, image_size: tuple[int, int], steps: Sequence[Crop | Resize | Normalise]) -> None:
        super().__init__()
        self.pipeline = Pipeline(image_size, steps)

    def forward(self, images: Tensor) -> Any:
        """Return the raw outputs for uint8 (B, H, W, 3)."""
        raise NotImplementedError

    def loss(self, outputs: Any, labels: Tensor) -> Tensor:
        """Return the scalar loss against labels (B, 2) = steering, throttle."""
        return functional.mse_loss(outputs.float(), labels)

    def action(self, outputs: Any) -> Tensor:
        """Return (B, 2) steering and throttle in [-1, 1]; not a number stays not a number."""
        return torch.clamp(outputs.float(), -1.0, 1.0)


NETWORKS: Registry[type[DrivingNetwork]] = Registry(
    "network",
    "copycar.policies",
    {
        name: f"copycar.learning.policies.{name}:{kind}"
        for name, kind in {
            "categorical": "Categorical",
            "copycar": "Copycar",
            "linear": "Linear",
            "pilotnet": "PilotNet",
        }.items()
    },
)


def flat_features(convolutions: nn.Module, size: tuple[int, int]) -> int:
    """Return how many numbers per picture `convolutions` give for an input of `size` (height, width)."""
    with torch.no_grad():
        return int(convolutions(torch.zeros(1, 3, *size)).numel())
