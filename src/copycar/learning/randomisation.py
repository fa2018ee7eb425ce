"""Layers that show a network, while it learns, what nobody recorded: domain randomisation. Knows nothing of policies.

J. Tobin et al., "Domain Randomization for Transferring Deep Neural Networks", arXiv 1703.06907.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.learning.operations.normalise import by_own_mean


class RandomConvolution(nn.Module):
    """Shows pictures in training in colours and textures that nobody has recorded; shapes stay where they are.

    Each of the chosen pictures goes through a 1x1 or 3x3 convolution of its own with random weights, which turns grass
    into concrete and yellow lines into blue ones, and is normalised again. Sources: Z. Xu et al., "Robust and
    Generalizable Visual Representation Learning via Random Convolutions", arXiv 2007.13003; K. Lee et al., "Network
    Randomization", arXiv 1910.05396.

    Args:
        share: of the pictures.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, pictures: Tensor) -> Tensor:
        """Return pictures (B, C, H, W), some of them changed: the first, as a batch is in random order already.

        They have mean 0 and deviation 1, as `Normalise(to="image")` gives them, before and after. Outside training
        this is the identity.
        """
        count = int((torch.rand(len(pictures)) < self.share).sum()) if self.training else 0
        if not count:
            return pictures
        some, channels = pictures[:count], pictures.shape[1]
        width = 1 if torch.rand(()) < 0.5 else 3
        weights = torch.randn((count * channels, channels, width, width)).to(some)
        beside = some.reshape(1, count * channels, *some.shape[2:])  # a group of channels per picture
        changed = functional.conv2d(beside, weights, padding=width // 2, groups=count)
        return torch.cat([by_own_mean(changed.float().reshape(some.shape)), pictures[count:]])


class RandomMounting(nn.Module):
    """Shows pictures in training as if the camera looked a little higher, lower, wider or narrower than it did.

    Args:
        shift: largest shift up or down, share of the picture's height. With 160x120 pixels and 90 degrees across,
            0.07 is a tilt of 6 degrees.
        zoom: largest change of scale, share.
    """

    def __init__(self, shift: float, zoom: float) -> None:
        super().__init__()
        self.shift, self.zoom = shift, zoom

    def forward(self, pictures: Tensor) -> Tensor:
        """Return pictures (B, C, H, W), each moved and scaled in its own way; the identity outside training."""
        if not self.training:
            return pictures
        zoom, shift = (2 * torch.rand((2, len(pictures))) - 1).unbind()
        pose = torch.zeros((len(pictures), 2, 3))
        pose[:, 0, 0] = pose[:, 1, 1] = 1 + self.zoom * zoom
        pose[:, 1, 2] = 2 * self.shift * shift  # picture coordinates go from -1 to 1
        grid = functional.affine_grid(pose, list(pictures.shape), align_corners=False).to(pictures)
        return functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
