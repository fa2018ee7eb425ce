"""Our own default network: small, quick to train on a laptop, made for driving rather than for a low loss."""

from torch import Tensor, nn

from copycar.learning.pipeline import Normalise, Resize
from copycar.learning.policies.binned import BinnedNetwork
from copycar.learning.policies.bins import Bins
from copycar.learning.policies.convolutions import convolutions, flat_features, initialise
from copycar.learning.policies.network import Given, Inputs, Share
from copycar.learning.randomisation import RandomConvolution, RandomMounting

INPUT_SIZE = (90, 120)
"""Three quarters of the usual 120x160 frame; with half of it, the edge of the road further out is less than a pixel."""


class Copycar(BinnedNetwork):
    """Steering as a distribution over 31 bins, its mean as the action.

    Origin: ours. Five convolutions (24@5x5/2, 32@3x3, 48@3x3/2, 64@3x3/2, 64@3x3) on a 90x120 picture, flat 4928, 96
    wide, two heads; 565,508 parameters for any frame size. In training, pictures are tilted, scaled and recoloured at
    random (`learning.randomisation`): it has to drive where nobody recorded.

    Args:
        given: what it is built for.
        steering_bins: over [-1, 1].
        throttle_bins: over [-1, 1].
        dropout: share of the features dropped before the two dense layers.
        randomised: share of the pictures that are recoloured in training; with 0 they are not tilted and scaled either.
    """

    learning_rate = 3e-3
    throttle_weight = 0.5  # steering keeps the car on the road

    def __init__(
        self,
        given: Given,
        steering_bins: Bins = 31,
        throttle_bins: Bins = 21,
        dropout: Share = 0.1,
        randomised: Share = 0.5,
    ) -> None:
        height, width = INPUT_SIZE
        super().__init__(given, [Resize(height=height, width=width), Normalise(to="image")])
        looks = [RandomMounting(shift=0.07, zoom=0.1), RandomConvolution(randomised)] if randomised else []
        self.randomisation = nn.Sequential(*looks)
        self.convolutions = convolutions((24, 5, 2), (32, 3, 1), (48, 3, 2), (64, 3, 2), (64, 3, 1))
        self.hidden = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(flat_features(self.convolutions, INPUT_SIZE), 96),
            nn.ReLU(),
            nn.Dropout(dropout),
        )
        self.steering = nn.Linear(96, steering_bins)
        self.throttle = nn.Linear(96, throttle_bins)
        initialise(self, self.steering, self.throttle)

    def forward(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Return the logits (B, 31) and (B, 21)."""
        hidden = self.hidden(self.convolutions(self.randomisation(self.pipeline(inputs["image"]))))
        return self.steering(hidden), self.throttle(hidden)
