"""donkeycar's `categorical`: steering and throttle as distributions over bins."""

from torch import Tensor, nn

from copycar.learning.pipeline import Normalise
from copycar.learning.policies.binned import BinnedNetwork
from copycar.learning.policies.bins import Bins
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import Given, Inputs, Share


class Categorical(BinnedNetwork):
    """donkeycar's KerasCategorical: softmax over 15 steering and 20 throttle bins, equal weights.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 1152 → 100 → 50 → 15 and 20; 268,311 parameters.
    Differs on purpose: the throttle bins cover [-1, 1], so full throttle and reverse can be said; labels are soft;
    the action is the mean of the distribution and not its highest bin, so steering does not jump.

    Args:
        given: what it is built for.
        steering_bins: over [-1, 1].
        throttle_bins: over [-1, 1].
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
    """

    def __init__(self, given: Given, steering_bins: Bins = 15, throttle_bins: Bins = 20, dropout: Share = 0.2) -> None:
        super().__init__(given, [Normalise()])
        self.convolutions = donkey_convolutions(dropout, fourth_stride=2)
        self.hidden = dense(flat_features(self.convolutions, self.pipeline.output_size), 100, 50, dropout=dropout)
        self.steering = nn.Linear(50, steering_bins)
        self.throttle = nn.Linear(50, throttle_bins)
        initialise(self, self.steering, self.throttle)

    def forward(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Return the logits (B, 15) and (B, 20)."""
        hidden = self.hidden(self.convolutions(self.pipeline(inputs["image"])))
        return self.steering(hidden), self.throttle(hidden)
