"""Any network on smaller or larger pictures than the camera gives. Knows nothing of the network inside."""

import re
from typing import Any

from torch import Tensor

from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.learning.pipeline import Resize
from copycar.learning.policies.network import DrivingNetwork, NetworkFactory


class Resized(DrivingNetwork):
    """Scales the raw frame first; the policy file still takes the raw frame.

    Args:
        image_size: (height, width) px of the raw frame.
        inner: makes the network for the scaled size.
        size: (height, width) px that it is scaled to.
    """

    def __init__(self, image_size: tuple[int, int], inner: NetworkFactory, size: tuple[int, int]) -> None:
        height, width = size
        super().__init__(image_size, [build(Resize, {"height": height, "width": width}, "the size to scale to")])
        self.inner = inner(size)
        self.learning_rate = self.inner.learning_rate

    def forward(self, images: Tensor) -> Any:
        """Return the inner network's outputs for uint8 (B, H, W, 3)."""
        return self.inner(self.pipeline(images).permute(0, 2, 3, 1))

    def loss(self, outputs: Any, labels: Tensor) -> Tensor:
        """Return the inner network's loss."""
        return self.inner.loss(outputs, labels)

    def action(self, outputs: Any) -> Tensor:
        """Return the inner network's action."""
        return self.inner.action(outputs)


def parse_size(text: str) -> tuple[int, int]:
    """Return (height, width) of "WIDTHxHEIGHT".

    Raises:
        CopycarError: it is written otherwise.

    >>> parse_size("80x60")
    (60, 80)
    """
    found = re.fullmatch(r"(\d+)x(\d+)", text)
    if found is None:
        raise CopycarError(f"{text!r} is no picture size", fix="write WIDTHxHEIGHT, for example --resize 80x60")
    return int(found[2]), int(found[1])
