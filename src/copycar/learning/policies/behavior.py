"""donkeycar's `behavior`: a state that the driver chooses, such as the lane, steers the network."""

from typing import Any

import torch
from torch import Tensor, nn

from copycar.learning.columns import Category, Reads
from copycar.learning.pipeline import Normalise
from copycar.learning.policies.binned import BinnedNetwork
from copycar.learning.policies.bins import Bins
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import Given, Inputs, Share, Words

INPUT = "behavior"


class Behavior(BinnedNetwork):
    """donkeycar's KerasBehavioral: `categorical` with a second input, which behaviour is wanted, one-hot.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 6656 → 100, beside it n states → 2n → 2n → 2n; together
    → 100 → 50 → 15 and 20; 829,263 parameters with two states. While driving, the state is the input `behavior`.

    Args:
        given: what it is built for.
        states: names in the order of their numbers; by default those that the recording has.
        key: where a record keeps its state, a name or a number; donkeycar's `behavior/label` and `behavior/state`.
        steering_bins: over [-1, 1].
        throttle_bins: over [-1, 1].
        dropout: share of activations dropped; donkeycar's is 0.2 in the convolutions, half of it behind them.
    """

    def __init__(
        self,
        given: Given,
        states: Words = (),
        key: Words = ("behavior/label", "behavior/state"),
        steering_bins: Bins = 15,
        throttle_bins: Bins = 20,
        dropout: Share = 0.2,
    ) -> None:
        del states, key  # they are in `wants`
        super().__init__(given, [Normalise()])
        column = given.column(INPUT)
        assert isinstance(column, Category)
        n_states = len(column.names)
        self.convolutions = donkey_convolutions(dropout)
        n_features = flat_features(self.convolutions, self.pipeline.output_size)
        self.picture = dense(n_features, 100, dropout=dropout / 2)
        self.state = dense(n_states, 2 * n_states, 2 * n_states, 2 * n_states)
        self.hidden = dense(100 + 2 * n_states, 100, 50, dropout=dropout / 2)
        self.steering = nn.Linear(50, steering_bins)
        self.throttle = nn.Linear(50, throttle_bins)
        initialise(self, self.steering, self.throttle)

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it reads the state."""
        return Reads(inputs={INPUT: Category(options["key"], options["states"])})

    def forward(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Return the logits (B, 15) and (B, 20)."""
        picture = self.picture(self.convolutions(self.pipeline(inputs["image"])))
        hidden = self.hidden(torch.cat([picture, self.state(inputs[INPUT])], dim=1))
        return self.steering(hidden), self.throttle(hidden)
