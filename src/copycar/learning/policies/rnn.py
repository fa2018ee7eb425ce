"""donkeycar's `rnn`: an LSTM over the last pictures."""

from typing import Annotated

from pydantic import Field
from torch import Tensor, nn

from copycar.learning.layers import SharedMaskDropout
from copycar.learning.pipeline import Normalise
from copycar.learning.policies.convolutions import convolutions, dense, flat_features, initialise
from copycar.learning.policies.network import Given, Share
from copycar.learning.policies.window import WindowNetwork


class Rnn(WindowNetwork):
    """donkeycar's KerasLSTM: convolutions on every picture, two LSTM layers over the last three.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → 24@5x5/2, 32@5x5/2, 32@3x3/2, 32@3x3, max 2x2 → flat 1280 →
    100, LSTM 128, LSTM 128, 128, 64, 10, 2; 442,948 parameters (two bias vectors per LSTM layer, where Keras has one).

    Args:
        given: what it is built for.
        length: pictures it sees together.
        dropout: share of activations dropped in the convolutions; a third of it in the LSTM, as donkeycar.
    """

    def __init__(self, given: Given, length: Annotated[int, Field(ge=2)] = 3, dropout: Share = 0.3) -> None:
        super().__init__(given, [Normalise()])
        self.length = length
        kernels = list(convolutions((24, 5, 2), (32, 5, 2), (32, 3, 2), (32, 3, 1), dropout=dropout))
        self.convolutions = nn.Sequential(*kernels[:-1], nn.MaxPool2d(2), nn.Flatten())
        self.flat = dense(flat_features(self.convolutions, self.pipeline.output_size), 100, dropout=dropout)
        self.first = nn.LSTM(100, 128, batch_first=True)
        self.second = nn.LSTM(128, 128, batch_first=True)
        self.between = SharedMaskDropout(dropout / 3)
        self.hidden = nn.Sequential(*dense(128, 128, dropout=dropout / 3), *dense(128, 64, 10))
        self.head = nn.Linear(10, 2)
        initialise(self, self.head)

    def features(self, images: Tensor) -> Tensor:
        """Return (B, 100)."""
        return self.flat(self.convolutions(self.pipeline(images)))  # type: ignore[no-any-return]

    def decide(self, features: Tensor) -> Tensor:
        """Return (B, 2) for features (B, T, 100)."""
        first, _ = self.first(features)
        second, _ = self.second(self.between(first))
        return self.head(self.hidden(self.between(second[:, -1])))  # type: ignore[no-any-return]
