"""NVIDIA's PilotNet, as in the paper."""

from itertools import pairwise

from torch import Tensor, nn

from copycar.learning.pipeline import Normalise, Resize
from copycar.learning.policies.network import DrivingNetwork, convolutions, flat_features, initialise

INPUT_SIZE = (66, 200)  # PilotNet 2016, fig. 4


class PilotNet(DrivingNetwork):
    """Five convolutions and three hidden layers on a 66x200 picture.

    Origin: Bojarski et al. 2016, "End to End Learning for Self-Driving Cars", fig. 4 (24, 36, 48 @5x5/2; 64, 64
    @3x3; 100, 50, 10). The whole frame is resized to 66x200; flat 1152; 252,230 parameters with two outputs (the
    paper's single output has 252,219), 27 MMAC.

    Args:
        image_size: (height, width) px of the raw frame.
    """

    def __init__(self, image_size: tuple[int, int]) -> None:
        height, width = INPUT_SIZE
        super().__init__(image_size, [Resize(height=height, width=width), Normalise(to="centred")])
        self.convolutions = convolutions((24, 5, 2), (36, 5, 2), (48, 5, 2), (64, 3, 1), (64, 3, 1))
        widths = (flat_features(self.convolutions, INPUT_SIZE), 100, 50, 10)
        hidden: list[nn.Module] = []
        for inputs, outputs in pairwise(widths):
            hidden += [nn.Linear(inputs, outputs), nn.ReLU()]
        self.hidden = nn.Sequential(*hidden)
        self.head = nn.Linear(10, 2)
        initialise(self, self.head)

    def forward(self, images: Tensor) -> Tensor:
        """Return (B, 2) for uint8 (B, H, W, 3)."""
        return self.head(self.hidden(self.convolutions(self.pipeline(images))))  # type: ignore[no-any-return]
