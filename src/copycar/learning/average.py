"""A running mean of a network's weights (Polyak and Juditsky 1992). Knows nothing of how they are trained."""

import copy
from typing import Any

import torch
from torch import nn


class AveragedNetwork:
    """Follows a network that is trained, more calmly than it moves itself.

    Args:
        network: what is followed; this one starts as its copy.
        decay: share of the old mean that a step keeps, 0 … 1 (1 excluded): it looks back about 1 / (1 - decay) steps.

    Attributes:
        network: the same network with the mean of its weights, in evaluation mode.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self._decay, self._steps = decay, 0
        self._pairs = list(zip(self.network.state_dict().values(), network.state_dict().values(), strict=True))

    @torch.no_grad()
    def follow(self) -> None:
        """Take the network's present weights into the mean; call it after every step."""
        self._steps += 1
        # so that the first, random weights are soon forgotten; TensorFlow's `ExponentialMovingAverage(num_updates)`
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        for mean, now in self._pairs:
            if mean.is_floating_point():
                mean.lerp_(now, 1.0 - decay)
            else:
                mean.copy_(now)  # counters

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint keeps."""
        return {"network": self.network.state_dict(), "steps": self._steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave.

        Raises:
            RuntimeError: it belongs to another network.
        """
        self.network.load_state_dict(state["network"])
        self._steps = state["steps"]
