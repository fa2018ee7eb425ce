"""donkeycar's `inferred`: steering is learned, throttle follows from it."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.learning.pipeline import Normalise
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import DrivingNetwork, Given, Inputs, Labels, Share


class Inferred(DrivingNetwork):
    """donkeycar's KerasInferred: one output, the steering; the more it steers, the slower it drives.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 6656 → 100 → 50 → 1; 816,979 parameters. Differs on
    purpose: donkeycar's fixed formula drives full throttle to the left and half to the right. Here
    throttle = straight - bend · |steering|, and the two numbers are fitted to the recording with everything else.

    Args:
        given: what it is built for.
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
    """

    def __init__(self, given: Given, dropout: Share = 0.2) -> None:
        super().__init__(given, [Normalise()])
        self.convolutions = donkey_convolutions(dropout)
        self.hidden = dense(flat_features(self.convolutions, self.pipeline.output_size), 100, 50, dropout=dropout)
        self.head = nn.Linear(50, 1)
        self.throttle = nn.Parameter(torch.tensor([0.3, 0.1]))  # on the straight, and how much less at full steering
        initialise(self, self.head)

    def forward(self, inputs: Inputs) -> Tensor:
        """Return the steering (B, 1)."""
        return self.head(self.hidden(self.convolutions(self.pipeline(inputs["image"]))))  # type: ignore[no-any-return]

    def loss(self, outputs: Tensor, labels: Labels) -> Tensor:
        """Return the squared error of the steering, plus that of the throttle curve at the steering that was driven."""
        steering, throttle = labels["action"].unbind(dim=1)
        curve = self._throttle(steering)
        return functional.mse_loss(outputs[:, 0].float(), steering) + functional.mse_loss(curve, throttle)

    def action(self, outputs: Tensor) -> Tensor:
        """Return (B, 2)."""
        steering = torch.clamp(outputs[:, 0].float(), -1.0, 1.0)
        return torch.stack([steering, self._throttle(steering).clamp(-1.0, 1.0)], dim=1)

    def _throttle(self, steering: Tensor) -> Tensor:
        return self.throttle[0] - self.throttle[1] * steering.abs()
