"""donkeycar's `linear`: five convolutions, two hidden layers, two numbers."""

from torch import Tensor, nn

from copycar.learning.pipeline import Normalise
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import DrivingNetwork, Given, Inputs, Share


class Linear(DrivingNetwork):
    """donkeycar's KerasLinear: steering and throttle as two plain numbers, mean squared error.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 6656 → 100 → 50 → 2; 817,028 parameters.

    Args:
        given: what it is built for.
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
    """

    def __init__(self, given: Given, dropout: Share = 0.2) -> None:
        super().__init__(given, [Normalise()])
        self.convolutions = donkey_convolutions(dropout)
        self.hidden = dense(flat_features(self.convolutions, self.pipeline.output_size), 100, 50, dropout=dropout)
        self.head = nn.Linear(50, 2)
        initialise(self, self.head)

    def forward(self, inputs: Inputs) -> Tensor:
        """Return (B, 2)."""
        return self.head(self.hidden(self.convolutions(self.pipeline(inputs["image"]))))  # type: ignore[no-any-return]
