"""donkeycar's `categorical`: steering and throttle as distributions over bins."""

from typing import Annotated, Literal

from pydantic import Field
from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.learning.pipeline import Normalise
from copycar.learning.policies.binned import BinnedNetwork
from copycar.learning.policies.bins import Bins
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import Given, Inputs, Share

Throttle = Annotated[float, Field(ge=-1, le=1)]


class Categorical(BinnedNetwork):
    """donkeycar's KerasCategorical: softmax over 15 steering and 20 throttle bins, equal weights.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 1152 → 100 → 50 → 15 and 20; 268,311 parameters.
    Differs on purpose: the throttle bins cover [-1, 1], so full throttle and reverse can be said; labels are soft;
    the action is the mean of the distribution and not its highest bin, so steering does not jump. The last three
    options bring donkeycar's way back: `--network.least_throttle 0 --network.most_throttle 0.76 --network.decide
    highest` is its MODEL_CATEGORICAL_MAX_THROTTLE_RANGE of 0.8, whose last bin is 0.95 of it.

    Args:
        given: what it is built for.
        steering_bins: over [-1, 1].
        throttle_bins: over the throttle's range.
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
        least_throttle: what the first throttle bin stands for.
        most_throttle: what the last throttle bin stands for, more than the first.
        decide: the action is the mean of the distribution, or its highest bin.
    """

    def __init__(
        self,
        given: Given,
        steering_bins: Bins = 15,
        throttle_bins: Bins = 20,
        dropout: Share = 0.2,
        least_throttle: Throttle = -1.0,
        most_throttle: Throttle = 1.0,
        decide: Literal["mean", "highest"] = "mean",
    ) -> None:
        super().__init__(given, [Normalise()])
        if least_throttle >= most_throttle:
            raise CopycarError(
                f"a throttle from {least_throttle:g} to {most_throttle:g} is no range", fix="exchange them"
            )
        self.throttle_ends, self.takes_highest = (least_throttle, most_throttle), decide == "highest"
        self.convolutions = donkey_convolutions(dropout, fourth_stride=2)
        self.hidden = dense(flat_features(self.convolutions, self.pipeline.output_size), 100, 50, dropout=dropout)
        self.steering = nn.Linear(50, steering_bins)
        self.throttle = nn.Linear(50, throttle_bins)
        initialise(self, self.steering, self.throttle)

    def forward(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Return the logits (B, 15) and (B, 20)."""
        hidden = self.hidden(self.convolutions(self.pipeline(inputs["image"])))
        return self.steering(hidden), self.throttle(hidden)
