"""donkeycar's `3d`: convolutions over time as well as over the picture."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.learning.pipeline import Normalise
from copycar.learning.policies.convolutions import initialise
from copycar.learning.policies.network import Given, Share
from copycar.learning.policies.window import WindowNetwork


class Conv3D(WindowNetwork):
    """donkeycar's Keras3D_CNN: four convolutions over space and time, two wide layers.

    Origin: donkeycar `parts/keras.py`. 3 frames 120x160x3 → 16@3x3x3/(1, 3, 3), 32, 64, 128 @3x3x3, padded, max
    (1, 2, 2) after each → flat 2304 → 256 → 256 → 2, batch norm in the wide layers; 949,250 parameters (Keras
    counts 950,274 with the batch norm's statistics).

    Args:
        given: what it is built for.
        length: pictures it sees together; donkeycar's own examples have 3 and 20.
        dropout: share of activations dropped in the wide layers; donkeycar's is 0.5.
    """

    def __init__(self, given: Given, length: Annotated[int, Field(ge=2)] = 3, dropout: Share = 0.5) -> None:
        super().__init__(given, [Normalise()])
        self.length = length
        parts: list[nn.Module] = []
        for inputs, outputs, stride in ((3, 16, 3), (16, 32, 1), (32, 64, 1), (64, 128, 1)):
            parts += [
                nn.Conv3d(inputs, outputs, 3, (1, stride, stride), padding=1),
                nn.ReLU(inplace=True),
                nn.MaxPool3d((1, 2, 2)),
            ]
        self.convolutions = nn.Sequential(*parts, nn.Flatten())
        self.hidden = nn.Sequential(
            *_wide(self._n_features(self.pipeline.output_size), dropout),
            *_wide(256, dropout),
        )
        self.head = nn.Linear(256, 2)
        initialise(self, self.head)

    def features(self, images: Tensor) -> Tensor:
        """Return the prepared picture (B, 3, h, w) itself: all layers here look at several together."""
        return self.pipeline(images)  # type: ignore[no-any-return]

    def decide(self, features: Tensor) -> Tensor:
        """Return (B, 2) for (B, T, 3, h, w)."""
        return self.head(self.hidden(self.convolutions(features.transpose(1, 2))))  # type: ignore[no-any-return]

    def _n_features(self, size: tuple[int, int]) -> int:
        try:
            with torch.no_grad():
                return int(self.convolutions(torch.zeros(1, 3, self.length, *size)).numel())
        except RuntimeError as error:
            raise CopycarError(
                f"pictures of {size[1]}x{size[0]} are too small for this network", "it shrinks them 48 times"
            ) from error


def _wide(inputs: int, dropout: float) -> tuple[nn.Module, ...]:
    return nn.Linear(inputs, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Dropout(dropout)
