"""What every image operation has in common. Knows no operation and no network."""

from typing import ClassVar

from torch import Tensor

from copycar.core.config import Settings

MIN_SIZE_PX = 8
"""Fewest rows and columns that a step may leave: the smallest network needs about as many."""


class Step(Settings):
    """One operation: what can be chosen about it, and what it does to pictures.

    Pictures are float32 (B, 3, H, W) with brightness 0 … 255, in channels_last memory, always three channels: what is
    grey repeats them. `apply` is traced into the policy's graph, so it is made of torch operations only, and of slices
    and sums rather than convolutions: for three channels those are quicker on a CPU, and mixed precision leaves them
    alone.
    """

    ends_grey_levels: ClassVar[bool] = False
    """Whether the result is no longer 0 … 255: such a step is the last of a list, and stands for the network's own."""

    op: str
    """The name of the operation."""

    def size_after(self, height: int, width: int) -> tuple[int, int]:
        """Return (height, width) px of the result for pictures of (`height`, `width`).

        Raises:
            ValueError: the operation cannot be applied to pictures of this size; the message says why.
        """
        return height, width

    def apply(self, images: Tensor) -> Tensor:
        """Return the result for (B, 3, H, W)."""
        raise NotImplementedError
