"""Networks that look at the last few pictures together. Knows nothing of their layers."""

from typing import Any

import torch
from torch import Tensor

from copycar.learning.columns import Reads
from copycar.learning.policies.network import DrivingNetwork, Inputs, States

SEEN = "seen"
HAS_SEEN = "has_seen"


class WindowNetwork(DrivingNetwork):
    """Every picture becomes features on its own; the answer is made of the features of the last `length` pictures.

    So a car computes the features of each picture once and remembers them. Before it has seen enough, the oldest it
    knows stands for those before.

    Attributes:
        length: how many pictures.
    """

    length: int

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it reads several pictures."""
        return Reads(n_frames=options["length"])

    def features(self, images: Tensor) -> Tensor:
        """Return (B, …) features of uint8 (B, H, W, 3)."""
        raise NotImplementedError

    def decide(self, features: Tensor) -> Any:
        """Return the outputs for features (B, T, …), the newest last."""
        raise NotImplementedError

    def forward(self, inputs: Inputs) -> Any:
        """Return the outputs for windows (B, T, H, W, 3)."""
        images = inputs["image"]
        batch, length = images.shape[:2]
        features = self.features(images.flatten(0, 1))
        return self.decide(features.view(batch, length, *features.shape[1:]))

    def states(self) -> States:
        """Return that nothing was seen yet."""
        height, width = self.pipeline.image_size
        with torch.no_grad():
            one = self.features(torch.zeros(1, height, width, 3, dtype=torch.uint8))
        return {SEEN: torch.zeros(1, self.length - 1, *one.shape[1:]), HAS_SEEN: torch.zeros(1, 1)}

    def step(self, inputs: Inputs, states: States) -> tuple[Any, States]:
        """Return the outputs for the newest picture and those remembered, and what to remember."""
        newest = self.features(inputs["image"])[:, None]  # (1, 1, …)
        has_seen = states[HAS_SEEN].reshape(1, *[1] * (newest.dim() - 1))
        earlier = states[SEEN] * has_seen + newest * (1.0 - has_seen)
        window = torch.cat([earlier, newest], dim=1)
        return self.decide(window), {SEEN: window[:, 1:], HAS_SEEN: (states[HAS_SEEN] + 1.0).clamp(max=1.0)}
