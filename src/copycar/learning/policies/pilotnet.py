"""NVIDIA's PilotNet, as in the paper."""

from torch import Tensor, nn

from copycar.learning.pipeline import Normalise, Resize
from copycar.learning.policies.convolutions import convolutions, dense, flat_features, initialise
from copycar.learning.policies.network import DrivingNetwork, Given, Inputs

INPUT_SIZE = (66, 200)  # PilotNet 2016, fig. 4


def pilotnet_convolutions() -> nn.Sequential:
    """Return the paper's five convolutions: 24, 36, 48 @5x5/2, 64, 64 @3x3; flat 1152 on a 66x200 picture."""
    return convolutions((24, 5, 2), (36, 5, 2), (48, 5, 2), (64, 3, 1), (64, 3, 1))


class PilotNet(DrivingNetwork):
    """Five convolutions and three hidden layers on a 66x200 picture.

    Origin: Bojarski et al. 2016, "End to End Learning for Self-Driving Cars", fig. 4 (24, 36, 48 @5x5/2; 64, 64
    @3x3; 100, 50, 10). The whole frame is resized to 66x200; flat 1152; 252,230 parameters with two outputs (the
    paper's single output has 252,219).

    Args:
        given: what it is built for.
    """

    def __init__(self, given: Given) -> None:
        height, width = INPUT_SIZE
        super().__init__(given, [Resize(height=height, width=width), Normalise(to="centred")])
        self.convolutions = pilotnet_convolutions()
        self.hidden = dense(flat_features(self.convolutions, INPUT_SIZE), 100, 50, 10)
        self.head = nn.Linear(10, 2)
        initialise(self, self.head)

    def forward(self, inputs: Inputs) -> Tensor:
        """Return (B, 2)."""
        return self.head(self.hidden(self.convolutions(self.pipeline(inputs["image"]))))  # type: ignore[no-any-return]
