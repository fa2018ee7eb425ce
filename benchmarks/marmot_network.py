"""The network that MARMOT and MVAug train, built from a description of its layers (docs/ground.md names the source).

ResNet-34 (He et al., CVPR 2016) to its second stage, a head for every picture, features laid on the ground, a 1x1
convolution per view, all views concatenated, a 5x5 convolution, and four pooled branches of dilated convolutions. Its
speed depends on shapes alone, so that weights are random.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

STAGES = ((64, 3, 1), (128, 4, 2))
"""Channels, blocks, stride of ResNet-34's first two stages."""

SIDES, CHANNELS = (128, 64, 32, 16), (128, 128, 64, 32)
"""Side of each branch's pooled map, and the channels of its four convolutions."""


class MarmotNetwork(nn.Module):
    """The original's detector for a fixed number of views.

    Args:
        n_views: of the rig it is trained for.
    """

    def __init__(self, n_views: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(3, 64, 7, 2, 3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
        ]
        before = 64
        for channels, blocks, stride in STAGES:
            for number in range(blocks):
                layers.append(Block(before, channels, stride if number == 0 else 1))
                before = channels
        self.trunk = nn.Sequential(*layers)
        self.foot = nn.Sequential(nn.ReLU(), nn.Conv2d(128, 128, 1), nn.ReLU(), nn.Conv2d(128, 1, 1), nn.Sigmoid())
        self.view = nn.Conv2d(128, 128, 1)
        self.join = nn.Sequential(nn.Conv2d(128 * n_views, 256, 5, padding=2), nn.BatchNorm2d(256), nn.ReLU())
        self.branches = nn.ModuleList(_branch(side) for side in SIDES)
        mixed = len(SIDES) * CHANNELS[-1]
        self.mix = nn.Sequential(nn.Conv2d(mixed, 32, 1), nn.ReLU(), nn.Conv2d(32, 1, 3, padding=1), nn.Sigmoid())

    def forward(self, pictures: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return the heat map of the ground (B, 1, rows, columns) and of every picture (B V, 1, h, w).

        Args:
            pictures: float32 (B, V, 3, H, W).
            places: float32 (B V, rows, columns, 2), where ground cells show in a picture, -1 … 1.
        """
        features = self.trunk(pictures.flatten(0, 1))
        laid = functional.grid_sample(features, places, align_corners=True)
        joined = self.join(self.view(laid).view(len(pictures), -1, *places.shape[1:3]))
        size = joined.shape[2:]
        parts = [functional.interpolate(branch(joined), size, mode="bilinear") for branch in self.branches]
        return self.mix(torch.cat(parts, dim=1)), self.foot(features)


class Block(nn.Module):
    """A basic block of ResNet."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(),
            nn.Conv2d(after, after, 3, 1, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        is_same = before == after and stride == 1
        self.cut = (
            nn.Identity()
            if is_same
            else nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return the features of the next layer."""
        return functional.relu(self.body(features) + self.cut(features))


def _branch(side: int) -> nn.Sequential:
    """Return one scale: the map pooled to `side`, then four dilated convolutions."""
    layers: list[nn.Module] = [nn.AdaptiveAvgPool2d(side)]
    before = 256
    for channels in CHANNELS:
        layers += [nn.Conv2d(before, channels, 3, padding=2, dilation=2), nn.BatchNorm2d(channels), nn.ReLU()]
        before = channels
    return nn.Sequential(*layers)
