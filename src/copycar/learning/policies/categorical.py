"""donkeycar's `categorical`: steering and throttle as distributions over bins."""

from torch import Tensor, nn

from copycar.learning.pipeline import Normalise
from copycar.learning.policies.binned import BinnedNetwork
from copycar.learning.policies.linear import donkey_convolutions, donkey_hidden
from copycar.learning.policies.network import flat_features, initialise

STEERING_BINS = 15
THROTTLE_BINS = 20


class Categorical(BinnedNetwork):
    """donkeycar's KerasCategorical: softmax over 15 steering and 20 throttle bins, equal weights.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 1152 → 100 → 50 → 15 and 20; 268,311 parameters.
    Differs on purpose: the throttle bins cover [-1, 1], so full throttle and reverse can be said; labels are soft;
    the action is the mean of the distribution and not its highest bin, so steering does not jump.

    Args:
        image_size: (height, width) px of the raw frame.
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
    """

    def __init__(self, image_size: tuple[int, int], dropout: float = 0.2) -> None:
        super().__init__(image_size, [Normalise()])
        self.convolutions = donkey_convolutions(dropout, fourth_stride=2)
        self.hidden = donkey_hidden(flat_features(self.convolutions, self.pipeline.output_size), dropout)
        self.steering = nn.Linear(50, STEERING_BINS)
        self.throttle = nn.Linear(50, THROTTLE_BINS)
        initialise(self, self.steering, self.throttle)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits (B, 15) and (B, 20) for uint8 (B, H, W, 3)."""
        hidden = self.hidden(self.convolutions(self.pipeline(images)))
        return self.steering(hidden), self.throttle(hidden)
