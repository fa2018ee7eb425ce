"""TensorKart's variant of PilotNet: a wide layer more, and five outputs for a game's stick and buttons."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.learning.columns import Numbers, Reads
from copycar.learning.pipeline import Normalise, Resize
from copycar.learning.policies.convolutions import dense, flat_features, initialise
from copycar.learning.policies.network import DrivingNetwork, Given, Inputs, Labels, Share
from copycar.learning.policies.pilotnet import INPUT_SIZE, pilotnet_convolutions
from copycar.tubs.record import Record

LABEL = "pad"
OUTPUTS = ("tensorkart/y", "tensorkart/a", "tensorkart/b", "tensorkart/rb")


class PilotNet1164(DrivingNetwork):
    """TensorKart's network: PilotNet with a layer of 1164, answering stick x, stick y and the buttons A, B and RB.

    Origin: kevinhughes27/TensorKart `train.py`. Frame resized to 66x200; flat 1152 → 1164 → 100 → 50 → 10 → 5,
    softsign; 1,595,555 parameters. Steering is stick x, throttle is A minus B; all five are the output `pad`. Of a
    recording that knows no pad, stick y and RB are 0 and the throttle presses A or B. Differs on purpose: the error is
    the squared one (TensorKart's Euclidean distance has no slope at 0).

    Args:
        given: what it is built for.
        dropout: share of activations dropped in the wide layers; TensorKart keeps 0.8.
    """

    def __init__(self, given: Given, dropout: Share = 0.2) -> None:
        height, width = INPUT_SIZE
        super().__init__(given, [Resize(height=height, width=width), Normalise()])
        self.convolutions = pilotnet_convolutions()
        self.hidden = dense(flat_features(self.convolutions, INPUT_SIZE), 1164, 100, 50, 10, dropout=dropout)
        self.head = nn.Linear(10, 5)
        initialise(self, self.head)

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it is asked for the rest of the pad; a mirror image has the same buttons."""
        del options
        return Reads(labels={LABEL: Numbers(OUTPUTS, mirror=(1.0,) * len(OUTPUTS), otherwise=_from_throttle)})

    def forward(self, inputs: Inputs) -> Tensor:
        """Return (B, 5) in [-1, 1]: x, y, A, B, RB."""
        return functional.softsign(self.head(self.hidden(self.convolutions(self.pipeline(inputs["image"])))))

    def loss(self, outputs: Tensor, labels: Labels) -> Tensor:
        """Return the mean squared error of all five."""
        wanted = torch.cat([labels["action"][:, :1], labels[LABEL]], dim=1)
        return functional.mse_loss(outputs.float(), wanted)

    def action(self, outputs: Tensor) -> Tensor:
        """Return (B, 2): stick x, and A minus B."""
        x, _, a, b, _ = outputs.float().unbind(dim=1)
        return torch.stack([x, (a - b).clamp(-1.0, 1.0)], dim=1)

    def more(self, outputs: Tensor) -> dict[str, Tensor]:
        """Return the whole pad, (B, 5)."""
        return {LABEL: outputs.float()}


def _from_throttle(record: Record) -> tuple[float, float, float, float]:
    throttle = record.action.throttle
    return 0.0, max(throttle, 0.0), max(-throttle, 0.0), 0.0
