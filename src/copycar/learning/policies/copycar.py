"""Our own default network: small, quick to train on a laptop, made for driving rather than for a low loss."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.learning.pipeline import Normalise, Resize
from copycar.learning.policies.bins import expectation, soft_bins
from copycar.learning.policies.network import DrivingNetwork, flat_features, initialise

INPUT_SIZE = (60, 80)
"""Half of the usual 120x160 frame: lane lines stay two pixels wide and the first layer costs a quarter."""
STEERING_BINS = 31
THROTTLE_BINS = 21


class Copycar(DrivingNetwork):
    """Steering as a distribution over 31 bins, its mean as the action.

    Five convolutions (24@5x5/2, 32@3x3, 48@3x3/2, 64@3x3/2, 64@3x3) on a 60x80 picture, flat, 96 wide, two heads.
    Every choice was made closed loop (`docs/networks.md` carries the figures).

    Args:
        image_size: (height, width) px of the raw frame.
        dropout: share of the features dropped before the two dense layers.
    """

    def __init__(self, image_size: tuple[int, int], dropout: float = 0.1) -> None:
        height, width = INPUT_SIZE
        super().__init__(image_size, [Resize(height=height, width=width), Normalise(to="centred")])
        layers: list[nn.Module] = []
        for inputs, outputs, kernel, stride in (
            (3, 24, 5, 2),
            (24, 32, 3, 1),
            (32, 48, 3, 2),
            (48, 64, 3, 2),
            (64, 64, 3, 1),
        ):
            layers += [nn.Conv2d(inputs, outputs, kernel, stride), nn.ReLU(inplace=True)]
        self.convolutions = nn.Sequential(*layers, nn.Flatten())
        self.hidden = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(flat_features(self.convolutions, INPUT_SIZE), 96),
            nn.ReLU(),
            nn.Dropout(dropout),
        )
        self.steering = nn.Linear(96, STEERING_BINS)
        self.throttle = nn.Linear(96, THROTTLE_BINS)
        initialise(self, self.steering, self.throttle)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits (B, 31) and (B, 21) for uint8 (B, H, W, 3)."""
        hidden = self.hidden(self.convolutions(self.pipeline(images)))
        return self.steering(hidden), self.throttle(hidden)

    def loss(self, outputs: tuple[Tensor, Tensor], labels: Tensor) -> Tensor:
        """Return cross-entropy on soft bins; the throttle counts half, since steering keeps the car on the road."""
        steering, throttle = outputs
        return functional.cross_entropy(steering.float(), soft_bins(labels[:, 0], STEERING_BINS)) + 0.5 * (
            functional.cross_entropy(throttle.float(), soft_bins(labels[:, 1], THROTTLE_BINS))
        )

    def action(self, outputs: tuple[Tensor, Tensor]) -> Tensor:
        """Return (B, 2), the means of both distributions."""
        return torch.stack([expectation(logits) for logits in outputs], dim=1)
