"""donkeycar's `linear`: five convolutions, two hidden layers, two numbers."""

from torch import Tensor, nn

from copycar.learning.layers import SharedMaskDropout
from copycar.learning.pipeline import Normalise
from copycar.learning.policies.network import DrivingNetwork, convolutions, flat_features, initialise


def donkey_convolutions(dropout: float, fourth_stride: int) -> nn.Sequential:
    """Return donkeycar's five convolutions: 24@5x5/2, 32@5x5/2, 64@5x5/2, 64@3x3, 64@3x3, no padding."""
    return convolutions((24, 5, 2), (32, 5, 2), (64, 5, 2), (64, 3, fourth_stride), (64, 3, 1), dropout=dropout)


def donkey_hidden(inputs: int, dropout: float) -> nn.Sequential:
    """Return donkeycar's two hidden layers, 100 and 50 wide."""
    return nn.Sequential(
        nn.Linear(inputs, 100),
        nn.ReLU(),
        SharedMaskDropout(dropout),
        nn.Linear(100, 50),
        nn.ReLU(),
        SharedMaskDropout(dropout),
    )


class Linear(DrivingNetwork):
    """donkeycar's KerasLinear: steering and throttle as two plain numbers, mean squared error.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 6656 → 100 → 50 → 2; 817,028 parameters, 48 MMAC.

    Args:
        image_size: (height, width) px of the raw frame.
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
    """

    def __init__(self, image_size: tuple[int, int], dropout: float = 0.2) -> None:
        super().__init__(image_size, [Normalise()])
        self.convolutions = donkey_convolutions(dropout, fourth_stride=1)
        self.hidden = donkey_hidden(flat_features(self.convolutions, self.pipeline.output_size), dropout)
        self.head = nn.Linear(50, 2)
        initialise(self, self.head)

    def forward(self, images: Tensor) -> Tensor:
        """Return (B, 2) for uint8 (B, H, W, 3)."""
        return self.head(self.hidden(self.convolutions(self.pipeline(images))))  # type: ignore[no-any-return]
