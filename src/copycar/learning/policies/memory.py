"""donkeycar's `memory`: it sees its own last actions beside the picture."""

from typing import Annotated, Any

import torch
from pydantic import Field
from torch import Tensor, nn

from copycar.learning.columns import Reads
from copycar.learning.pipeline import Normalise
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import Count, DrivingNetwork, Given, Inputs, Share, States

INPUT = "memory"


class Memory(DrivingNetwork):
    """donkeycar's KerasMemory: `linear` with the last three actions as a second input.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 6656, beside it 6 numbers → 4 → 2; together → 100 → 50
    → 2, tanh; 817,266 parameters. While driving it is given its own last actions, zeros at the start. Differs on
    purpose: the throttle is a tanh too, so that it can say reverse. What it did last is a good guess of what to do
    next, so its error on a recording flatters it: judge it closed loop.

    Args:
        given: what it is built for.
        length: how many actions it remembers.
        depth: further layers of the memory's branch, as wide as twice its input.
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
    """

    def __init__(
        self, given: Given, length: Count = 3, depth: Annotated[int, Field(ge=0)] = 0, dropout: Share = 0.2
    ) -> None:
        super().__init__(given, [Normalise()])
        self.convolutions = donkey_convolutions(dropout)
        widths = (2 * length, *[4 * length] * depth, *(2 * (length - i) for i in range(1, length)))
        self.remembered = dense(*widths, dropout=dropout / 2)
        n_features = flat_features(self.convolutions, self.pipeline.output_size)
        self.hidden = dense(n_features + widths[-1], 100, 50, dropout=dropout)
        self.head = nn.Linear(50, 2)
        self.length = length
        initialise(self, self.head)

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it reads earlier actions."""
        return Reads(n_actions=options["length"])

    def forward(self, inputs: Inputs) -> Tensor:
        """Return (B, 2) of pictures and `memory` (B, 2 · length): steering and throttle in turn, oldest first."""
        features = torch.cat([self.convolutions(self.pipeline(inputs["image"])), self.remembered(inputs[INPUT])], dim=1)
        return torch.tanh(self.head(self.hidden(features)))

    def states(self) -> States:
        """Return a memory of standing still."""
        return {INPUT: torch.zeros(1, 2 * self.length)}

    def step(self, inputs: Inputs, states: States) -> tuple[Tensor, States]:
        """Return the outputs, and the memory with the new action in it."""
        outputs = self({**inputs, **states})
        return outputs, {INPUT: torch.cat([states[INPUT][:, 2:], self.action(outputs)], dim=1)}
